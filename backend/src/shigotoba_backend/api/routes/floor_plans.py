"""Floor plans: which is valid when, their pictures; for site administrators, new ones.

Responsible for HTTP. Refuses to decide (see ``floorplans``).
"""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Path
from fastapi.responses import Response
from pydantic import Base64Bytes, BaseModel, Field

from shigotoba_backend.accounts.roles import Action
from shigotoba_backend.api.asking import Access, Db, Now, allowed
from shigotoba_backend.floorplans import keeping, plans
from shigotoba_backend.floorplans.keeping import Draft
from shigotoba_backend.floorplans.pictures import read_picture
from shigotoba_backend.floorplans.plans import Placed, Plan, PlanInfo

router = APIRouter(prefix="/sites/{site}/floor-plans", tags=["floor plans"])

MaySee = Annotated[Access, Depends(allowed(Action.SEE_PLACES))]
MayManageSite = Annotated[Access, Depends(allowed(Action.MANAGE_SITE))]
PlanId = Annotated[int, Path(ge=1, le=2**31 - 1)]
#: A picture opened by itself can run nothing and ask nobody for anything.
PICTURE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"


class WantedPlace(BaseModel):
    """A space or a device, in metres from the left and the upper edge."""

    code: str = Field(max_length=64, pattern=r"^[A-Za-z0-9_-]+$")
    x: float = Field(ge=0, le=1000)
    y: float = Field(ge=0, le=1000)


class WantedPlan(BaseModel):
    """A plan of a floor from a day on."""

    floor: str = Field(max_length=64, pattern=r"^[A-Za-z0-9_-]+$")
    first: date
    width_m: float = Field(ge=1, le=1000)
    height_m: float = Field(ge=1, le=1000)
    places: list[WantedPlace] = Field(default=[], max_length=5000)
    devices: list[WantedPlace] = Field(default=[], max_length=5000)
    picture: Base64Bytes | None = Field(default=None, description="SVG, PNG or JPEG, in Base64")
    picture_of: int | None = Field(default=None, ge=1, le=2**31 - 1, description="Take over the picture of that plan")


class PlanMade(BaseModel):
    """The new plan."""

    plan_id: int


@router.get("")
def versions(conn: Db, access: MaySee) -> list[PlanInfo]:
    """Every plan of the site, the newest of each floor first."""
    return plans.versions(conn, access.site)


@router.get("/{plan_id}")
def look(conn: Db, access: MaySee, plan_id: PlanId) -> Plan:
    """A plan and what stands on it."""
    return plans.plan(conn, access.site, plan_id)


@router.get("/{plan_id}/picture", response_class=Response)
def picture(conn: Db, access: MaySee, plan_id: PlanId) -> Response:
    """The picture of a plan."""
    media_type, data = plans.picture(conn, access.site, plan_id)
    return Response(data, media_type=media_type, headers={"Content-Security-Policy": PICTURE_POLICY})


@router.post("", status_code=201)
def save(conn: Db, now: Now, access: MayManageSite, wanted: WantedPlan) -> PlanMade:
    """Saves a plan from a day on; the present one is valid until then. What has been stays as it was."""
    draft = Draft(
        wanted.floor,
        wanted.first,
        wanted.width_m,
        wanted.height_m,
        tuple(Placed(each.code, each.x, each.y) for each in wanted.places),
        tuple(Placed(each.code, each.x, each.y) for each in wanted.devices),
        read_picture(wanted.picture) if wanted.picture else None,
        wanted.picture_of,
    )
    return PlanMade(plan_id=keeping.save_plan(conn, access.site, draft, access.actor, now))


@router.delete("/{plan_id}", status_code=204)
def take_back(conn: Db, now: Now, access: MayManageSite, plan_id: PlanId) -> None:
    """Takes back a plan that has not begun."""
    keeping.drop_plan(conn, access.site, plan_id, access.actor, now)
