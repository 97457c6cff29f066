# SPDX-License-Identifier: Apache-2.0
"""A producer of Arrow columns in capsules, written with ctypes, that can be told to behave badly. It
counts what it gave out and what was released."""
import ctypes
from ctypes import CFUNCTYPE, POINTER, Structure, byref, c_char_p, c_int, c_int64, c_void_p, pointer, py_object


class Schema(Structure):
    pass


class Array(Structure):
    pass


class Stream(Structure):
    pass


ReleaseSchema, ReleaseArray, ReleaseStream = (CFUNCTYPE(None, POINTER(t)) for t in (Schema, Array, Stream))
Schema._fields_ = [("format", c_char_p), ("name", c_char_p), ("metadata", c_char_p), ("flags", c_int64),
                   ("n_children", c_int64), ("children", POINTER(POINTER(Schema))),
                   ("dictionary", POINTER(Schema)), ("release", ReleaseSchema), ("private", c_void_p)]
Array._fields_ = [("length", c_int64), ("null_count", c_int64), ("offset", c_int64), ("n_buffers", c_int64),
                  ("n_children", c_int64), ("buffers", POINTER(c_void_p)), ("children", POINTER(POINTER(Array))),
                  ("dictionary", POINTER(Array)), ("release", ReleaseArray), ("private", c_void_p)]
GetSchema = CFUNCTYPE(c_int, POINTER(Stream), POINTER(Schema))
GetNext = CFUNCTYPE(c_int, POINTER(Stream), POINTER(Array))
GetLastError = CFUNCTYPE(c_void_p, POINTER(Stream))  # the address of a text
Stream._fields_ = [("get_schema", GetSchema), ("get_next", GetNext), ("get_last_error", GetLastError),
                   ("release", ReleaseStream), ("private", c_void_p)]

_new = ctypes.pythonapi.PyCapsule_New
_new.restype, _new.argtypes = py_object, [c_void_p, c_char_p, c_void_p]
_pointer = ctypes.pythonapi.PyCapsule_GetPointer
_pointer.restype, _pointer.argtypes = c_void_p, [py_object, c_char_p]


def struct_of(capsule, name, type_):
    """The struct in a capsule."""
    return type_.from_address(_pointer(capsule, name))


class Producer:
    """columns: (name, format, buffers) or (name, format, buffers, dictionary), where buffers are bytes or
    None and a dictionary is a list of texts."""

    def __init__(self, rows, columns, chunks=1):
        self.rows, self.columns, self.chunks = rows, columns, chunks
        self.given = self.released = 0
        self.change_schema = self.change_array = lambda struct: None
        self.fail_at = None       # chunk at which the stream fails
        self.message = b"the disk is on fire"
        self.fail_schema = False
        self._kept = []

    def _keep(self, thing):
        self._kept.append(thing)
        return thing

    def _release(self, struct):
        """As a producer should: children first, each once."""
        struct = struct.contents
        for i in range(max(struct.n_children, 0)) if struct.children else []:
            child = struct.children[i]
            if child and child.contents.release:
                child.contents.release(child)
        if struct.dictionary and struct.dictionary.contents.release:
            struct.dictionary.contents.release(struct.dictionary)
        self.released += 1
        struct.release = type(struct.release)()

    def _schema(self, format, name, children=(), dictionary=None):
        self.given += 1
        pointers = self._keep((POINTER(Schema) * max(len(children), 1))(*(pointer(c) for c in children)))
        return self._keep(Schema(
            format.encode(), name.encode(), None, 2, len(children), pointers,
            pointer(dictionary) if dictionary else None, self._keep(ReleaseSchema(self._release)), None))

    def _array(self, rows, buffers, children=(), dictionary=None):
        self.given += 1
        kept = [None if b is None else self._keep(ctypes.create_string_buffer(b, max(len(b), 1))) for b in buffers]
        held = self._keep((c_void_p * max(len(kept), 1))(*(ctypes.addressof(b) if b else None for b in kept)))
        pointers = self._keep((POINTER(Array) * max(len(children), 1))(*(pointer(c) for c in children)))
        return self._keep(Array(
            rows, -1, 0, len(buffers), len(children), held, pointers,
            pointer(dictionary) if dictionary else None, self._keep(ReleaseArray(self._release)), None))

    def schema(self):
        columns = [self._schema(format, name, (), self._schema("u", "") if rest else None)
                   for name, format, _, *rest in self.columns]
        out = self._schema("+s", "", columns)
        self.change_schema(out)
        return out

    def array(self):
        columns = [self._array(self.rows, buffers, (), self._array(len(rest[0]), texts(rest[0])) if rest else None)
                   for _, _, buffers, *rest in self.columns]
        out = self._array(self.rows, [None], columns)
        self.change_array(out)
        return out

    def stream(self):
        left = [self.chunks]
        self.given += 1

        def get_schema(stream, out):
            if self.fail_schema:
                return 5
            ctypes.memmove(out, byref(self.schema()), ctypes.sizeof(Schema))
            return 0

        def get_next(stream, out):
            if self.fail_at is not None and left[0] == self.chunks - self.fail_at:
                return 5
            ctypes.memset(out, 0, ctypes.sizeof(Array))
            if left[0]:
                left[0] -= 1
                ctypes.memmove(out, byref(self.array()), ctypes.sizeof(Array))
            return 0

        def get_last_error(stream):
            return ctypes.addressof(self._keep(ctypes.create_string_buffer(self.message))) if self.message else None

        def release(stream):
            self.released += 1
            stream.contents.release = ReleaseStream()

        return self._keep(Stream(*(self._keep(f) for f in (
            GetSchema(get_schema), GetNext(get_next), GetLastError(get_last_error), ReleaseStream(release)))))

    def __arrow_c_stream__(self, requested_schema=None):
        return _new(ctypes.addressof(self.stream()), b"arrow_array_stream", None)


class ArrayProducer(Producer):
    """The same as one array."""

    __arrow_c_stream__ = property()

    def __arrow_c_array__(self, requested_schema=None):
        return (_new(ctypes.addressof(self.schema()), b"arrow_schema", None),
                _new(ctypes.addressof(self.array()), b"arrow_array", None))


def texts(values):
    """Buffers of texts; None is null."""
    ends, data, bits = [0], b"", 0
    for i, value in enumerate(values):
        data += (value or "").encode()
        ends.append(len(data))
        bits |= (value is not None) << i
    nulls = bits.to_bytes(len(values) // 8 + 1, "little")
    return [nulls, b"".join(e.to_bytes(4, "little") for e in ends), data]
