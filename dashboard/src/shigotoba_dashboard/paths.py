"""Where things are on this server. Responsible for the names of the paths alone."""

from __future__ import annotations

from typing import Final

BASE_PATH: Final = "/dashboard/"
HEALTH_PATH: Final = "/healthz"
READY_PATH: Final = "/readyz"
FILES_PATH: Final = f"{BASE_PATH}files/"
CHANGES_PATH: Final = f"{BASE_PATH}changes/"
SIGN_OUT_PATH: Final = f"{BASE_PATH}sign-out"
BEGINNING_PATH: Final = f"{BASE_PATH}_beginning/"
PICTURES_PATH: Final = f"{BASE_PATH}pictures/"
DATASETS_PATH: Final = f"{FILES_PATH}datasets/"
FORMS_PATH: Final = f"{FILES_PATH}forms/"
