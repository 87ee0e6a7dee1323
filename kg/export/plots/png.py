"""SVG to PNG, by resvg, which is an extra.

Text is set in Roboto, which comes with the extra, so that plots look alike on machines of different fonts and on those
without any; signs that Roboto has not, Chinese ones among them, are taken from a font of the system that has them.
"""

from __future__ import annotations

from importlib import resources, util

from kg.errors import ConfigError

ZOOM = 2.0
"""Dots for a unit of the SVG: plots are 1,280 dots wide."""
EXTRA = "pip install 'kg[png]'"
_PACKAGES = ("resvg_py", "font_roboto")


def present() -> bool:
    """Whether the extra is installed."""
    return all(util.find_spec(name) is not None for name in _PACKAGES)


def check() -> None:
    """Raise ConfigError, with how to install it, where the extra is missing."""
    if not present():
        raise ConfigError(f"PNG takes an extra: {EXTRA}; or take the plot as .svg")


def png(svg: str, *, system_fonts: bool = True) -> bytes:
    """A plot as PNG, with signs of fonts of the system or of Roboto alone. Errors as of `check`."""
    check()
    import resvg_py  # noqa: PLC0415 - an extra

    with resources.as_file(resources.files("font_roboto") / "files") as folder:
        fonts = [str(folder / f"Roboto-{weight}.ttf") for weight in ("Regular", "Bold")]
        return resvg_py.svg_to_bytes(
            svg_string=svg,
            zoom=ZOOM,
            font_files=fonts,
            sans_serif_family="Roboto",
            skip_system_fonts=not system_fonts,
        )
