"""Settings: ``KG_…`` environment variables, each with a command-line option of the same name.

Only the edges (`kg.cli`, the start of the service) read them; everything below takes plain arguments.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from kg.errors import ConfigError


class Settings(BaseSettings):
    """All settings with their defaults; an option given on the command line wins over the environment."""

    model_config = SettingsConfigDict(env_prefix="KG_", extra="ignore", frozen=True)

    data_dir: Path = Field(Path(".kg"), description="folder of releases")
    sources_dir: Path | None = Field(None, description="a folder of sources of your own, beside the bundled ones")
    keep: int = Field(5, ge=1, description="releases kept; tagged ones and those in use stay as well")
    host: str = Field("127.0.0.1", description="address that the service listens on")
    port: int = Field(8000, ge=0, le=65535, description="port that the service listens on; 0 takes a free one")
    workers: int = Field(2, ge=1, description="query processes")
    query_timeout: float = Field(30.0, gt=0, description="seconds that one query may take")
    query_memory: int = Field(2048, ge=256, description="MiB of memory that one query process may take")


def settings(**given: Any) -> Settings:
    """The settings of the environment, overridden by those options that are not None.

    Raises
    ------
    ConfigError
        A value is not what the setting takes; the text names the variable, the value and what is wrong.
    """
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        faults = "; ".join(
            f"KG_{'_'.join(map(str, fault['loc'])).upper()} = {fault['input']!r}: {fault['msg']}"
            for fault in error.errors()
        )
        raise ConfigError(f"settings: {faults}") from error
