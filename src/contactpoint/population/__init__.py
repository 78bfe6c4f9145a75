"""A synthetic England: children, families and what each source would hold about them.

Nothing here describes a person. The generator knows nothing of the directory it feeds: it writes files.
"""

from contactpoint.population.config import PopulationConfig, PopulationError, PopulationReport
from contactpoint.population.generate import generate

__all__ = ["PopulationConfig", "PopulationError", "PopulationReport", "generate"]
