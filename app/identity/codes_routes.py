"""Signing in by code, a worker's devices, and a shared phone the head has looked into."""

from __future__ import annotations

from fastapi import APIRouter, Request

from app.edge.public_ids import WorkerId
from app.edge.slots import Slot
from app.identity import codes_phones, codes_sign_in, devices, devices_queries
from app.identity.codes_schemas import (
    CodeIn,
    CodeOrderedOut,
    DeviceId,
    DeviceOut,
    DevicesOut,
    PhoneIn,
    PhoneStandingOut,
    WorkerSessionOut,
)
from app.identity.codes_sign_in import Claim
from app.identity.door import ReadTx, WriteTx
from app.identity.passes import address_of

router = APIRouter(prefix="/v1")


# No transaction of the door's here: what was tried must count also when the answer is an error.


@router.post("/auth/otp", status_code=202, tags=["sign-in"])
def request_code(body: PhoneIn, request: Request, _: Slot) -> CodeOrderedOut:
    """向手机号发送登录验证码；是否登记都同样回答。/ Send a sign-in code; known or not, the answer is the same."""
    codes_sign_in.request_code(body.phone, address_of(request))
    return CodeOrderedOut()


@router.post("/auth/otp/verify", tags=["sign-in"])
def verify_code(body: CodeIn, request: Request, _: Slot) -> WorkerSessionOut:
    """用验证码登录。/ Sign in with the code."""
    claim = Claim(body.phone, body.code, body.id_last_four, body.device, address_of(request))
    return WorkerSessionOut.of(codes_sign_in.sign_in(claim))


@router.get("/me/devices", tags=["me"])
def list_my_devices(tx: ReadTx) -> DevicesOut:
    """我登录过的设备。/ The devices I signed in on."""
    devices.check_is_worker(tx)
    return DevicesOut(items=[DeviceOut.of(device) for device in devices_queries.my_devices(tx)])


@router.delete("/me/devices/{device_id}", status_code=204, tags=["me"])
def remove_my_device(device_id: DeviceId, tx: WriteTx) -> None:
    """退出一台设备，其登录随即失效。/ Take a device out; its sessions end."""
    devices.check_is_worker(tx)
    devices.remove_device(tx, device_id)


@router.post("/workers/{worker_id}/phone-check", tags=["workers"])
def check_phone(worker_id: WorkerId, tx: WriteTx) -> PhoneStandingOut:
    """站长已核实多人共用的手机号。/ The head has looked into a phone that several workers share."""
    return PhoneStandingOut.of(codes_phones.check_phone(tx, worker_id))
