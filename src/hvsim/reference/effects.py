"""What service does to outcomes: doses and effects (``docs/model.md``, section 5.7)."""

from __future__ import annotations

from collections.abc import Mapping

from hvsim.reference import rules
from hvsim.reference.families import Family
from hvsim.scenario import schema

FullDose = dict[str, dict[str, float]]
"""By program and outcome, the log ratio at full dose."""

Doses = Mapping[str, float]
"""By program, in the order of programs, what a family has of it this month."""


class Effects:
    """Effects of programs on outcomes.

    Parameters
    ----------
    structure
        How doses are counted, and what several programs do together.
    programs
        All programs by name, in their order.
    """

    def __init__(self, structure: schema.Structure, programs: Mapping[str, schema.Program]) -> None:
        self.programs = programs
        self.of_program = structure.dose == "share-of-program"
        self.of_all = structure.several_programs == "sum"
        self._full_dose: FullDose = {
            name: {
                outcome: rules.full_dose(ratio.value, effect.mean_dose.value)
                for outcome, effect in program.effects.items()
                if (ratio := effect.hazard_ratio or effect.odds_ratio) is not None
            }
            for name, program in programs.items()
        }
        self._full_dose_on_exit: FullDose = {
            name: {
                outcome: rules.full_dose(effect.exit_hazard_ratio.value, effect.mean_dose.value)
                for outcome, effect in program.effects.items()
                if effect.exit_hazard_ratio is not None
            }
            for name, program in programs.items()
        }

    def doses(self, family: Family, month: int) -> Doses:
        """Dose of each program of which the family has had visits."""
        return {
            name: self._dose(family, name, month)
            for name in self.programs
            if name in family.services
        }

    def _dose(self, family: Family, name: str, month: int) -> float:
        program, service = self.programs[name], family.services[name]
        whole = sum(level.visits for level in program.levels)
        received = rules.dose(
            service.completed,
            whole if self.of_program else service.scheduled,
            program.dose_shape.value,
        )
        if service.finish is None or family.in_service(name, month):
            return received
        half_life = program.fade_half_life
        return received * rules.fade(
            month - service.finish,
            int(program.fade_step.value),
            None if half_life is None else half_life.value,
        )

    def on(self, outcome: str, doses: Doses) -> float:
        """Log ratio on the rate of an outcome, or on the odds of a status."""
        return self._effect(self._full_dose, outcome, doses)

    def on_exit(self, outcome: str, doses: Doses) -> float:
        """Log ratio on the rate at which a state ends."""
        return self._effect(self._full_dose_on_exit, outcome, doses)

    def _effect(self, full_dose: FullDose, outcome: str, doses: Doses) -> float:
        parts = [
            full_dose[program][outcome] * dose
            for program, dose in doses.items()
            if outcome in full_dose[program]
        ]
        return sum(parts) if self.of_all else rules.strongest(parts)
