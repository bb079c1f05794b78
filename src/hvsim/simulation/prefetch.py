"""Ask memory for a family before its turn comes.

Families are visited in no order that the processor could foresee. Most of the time that a family
takes would be spent waiting for its part of the state, were it not asked for while another family
is at work.
"""

from __future__ import annotations

from typing import Any

import llvmlite.ir as ir
import numba
import numpy.typing as npt
from numba.core import cgutils, types
from numba.extending import intrinsic

from hvsim.compiled import inner
from hvsim.simulation.state import State
from hvsim.simulation.tables import IntArray

LINE = 64
"""Bytes that memory hands over at once."""

AHEAD = 4
"""How many turns earlier, where a turn takes less time than memory does."""

if numba.config.DISABLE_JIT:

    def ask_for_row(table: npt.NDArray[Any], row: int) -> None:
        """Nothing, where nothing is compiled."""

else:

    @intrinsic
    def ask_for_row(typingctx, table, row):
        """Ask for one row of a C-contiguous array."""

        def codegen(context, builder, signature, arguments):
            array = context.make_array(signature.args[0])(context, builder, arguments[0])
            stride = cgutils.unpack_tuple(builder, array.strides)[0]
            start = builder.add(
                builder.ptrtoint(array.data, stride.type), builder.mul(stride, arguments[1])
            )
            word = ir.IntType(32)
            pointer = ir.IntType(8).as_pointer()
            ask = cgutils.get_or_insert_function(
                builder.module,
                ir.FunctionType(ir.VoidType(), [pointer, word, word, word]),
                "llvm.prefetch.p0i8",
            )
            first = builder.and_(start, ir.Constant(stride.type, -LINE))
            end = builder.add(start, stride)
            line = cgutils.alloca_once_value(builder, first)
            loop = builder.append_basic_block("lines")
            after = builder.append_basic_block("after")
            builder.branch(loop)
            builder.position_at_end(loop)
            at = builder.load(line)
            builder.call(ask, [builder.inttoptr(at, pointer), word(1), word(3), word(1)])
            following = builder.add(at, ir.Constant(stride.type, LINE))
            builder.store(following, line)
            builder.cbranch(builder.icmp_signed("<", following, end), loop, after)
            builder.position_at_end(after)
            return context.get_dummy_value()

        return types.none(table, types.intp), codegen


@inner
def ask_for_life(who: IntArray, j: int, state: State) -> None:
    """Ask for what living changes of the family at position j of a list, if it goes so far."""
    if j >= who.shape[0]:
        return
    i = who[j]
    ask_for_row(state.people, i)
    ask_for_row(state.due, i)
    ask_for_row(state.hazards, i)
    ask_for_row(state.groups, i)
    ask_for_row(state.counts, i)
    ask_for_row(state.paths, i)
    ask_for_row(state.services, i)


@inner
def ask_for_care(who: IntArray, j: int, state: State) -> None:
    """Ask for what care reads of the family at position j of a list, if the list goes so far."""
    if j >= who.shape[0]:
        return
    i = who[j]
    ask_for_row(state.people, i)
    ask_for_row(state.levels, i)
    ask_for_row(state.groups, i)
    ask_for_row(state.paths, i)
    ask_for_row(state.services, i)
