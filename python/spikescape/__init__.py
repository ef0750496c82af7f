"""Spikescape: watch spiking neural networks learn.

The program comes with this package: ``spikescape`` in a shell, or ``python -m spikescape``. ``program()`` says where it is.
"""

import os
import shutil
import sys
import sysconfig

__all__ = ["program"]


def program() -> str:
    """The path of the program that was installed with this package."""
    name = "spikescape" + (sysconfig.get_config_var("EXE") or "")
    schemes = [sysconfig.get_path("scripts"), os.path.dirname(sys.executable)]
    if sys.platform != "win32" and "posix_user" in sysconfig.get_scheme_names():
        schemes.append(sysconfig.get_path("scripts", scheme="posix_user"))
    # pip install --target
    schemes.append(os.path.join(os.path.dirname(os.path.dirname(__file__)), "bin"))
    for folder in schemes:
        path = os.path.join(folder, name)
        if os.path.isfile(path):
            return path
    found = shutil.which("spikescape")
    if found is None:
        raise FileNotFoundError(f"The program spikescape is in none of {', '.join(schemes)}: install the package again.")
    return found
