"""Memory that the processor cannot foresee it will need."""

from __future__ import annotations

from typing import Any, cast

import llvmlite.ir as ir
import numba
import numpy.typing as npt
from numba.core import cgutils as untyped
from numba.core import types
from numba.extending import intrinsic

LINE = 64
"""Bytes that memory hands over at once."""

_cgutils = cast(Any, untyped)
_settings = cast(Any, numba.config)  # its attributes are made at run time

if _settings.DISABLE_JIT:

    def ask_for_row(table: npt.NDArray[Any], row: int) -> None:
        """Nothing, where nothing is compiled."""

else:

    @intrinsic
    def ask_for_row(typingctx: Any, table: Any, row: Any) -> Any:
        """Ask memory for one row of a C-contiguous array that will soon be read and changed.

        It changes nothing but the time that the first access will take. Only compiled functions
        can call it.
        """

        def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            array = context.make_array(signature.args[0])(context, builder, arguments[0])
            stride = _cgutils.unpack_tuple(builder, array.strides)[0]
            word, size = ir.IntType(32), stride.type
            pointer = ir.IntType(8).as_pointer()
            ask = _cgutils.get_or_insert_function(
                builder.module,
                ir.FunctionType(ir.VoidType(), [pointer, word, word, word]),
                "llvm.prefetch.p0i8",
            )
            start = builder.add(
                builder.ptrtoint(array.data, size), builder.mul(stride, arguments[1])
            )
            end = builder.add(start, stride)
            line = _cgutils.alloca_once_value(builder, builder.and_(start, size(-LINE)))
            lines = builder.append_basic_block("lines")
            after = builder.append_basic_block("after")
            builder.branch(lines)
            builder.position_at_end(lines)
            at = builder.load(line)
            to_write, kept_near, is_data = word(1), word(3), word(1)
            builder.call(ask, [builder.inttoptr(at, pointer), to_write, kept_near, is_data])
            following = builder.add(at, size(LINE))
            builder.store(following, line)
            builder.cbranch(builder.icmp_signed("<", following, end), lines, after)
            builder.position_at_end(after)
            return context.get_dummy_value()

        return types.none(table, types.intp), codegen
