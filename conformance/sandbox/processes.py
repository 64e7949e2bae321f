"""What the operating system tells of any process: since when it runs, whose it is, what it was started with.

Each system has its own way; the functions answer None for a process that doesn't run, or only as a zombie.
"""

import platform
import subprocess
import sys
from pathlib import Path

_POWERSHELL = '(Get-CimInstance Win32_Process -Filter "ProcessId={}").CommandLine'


def place() -> str:
    """Where this process's number means something: this machine and, on Linux, this container."""
    namespace = Path("/proc/self/ns/pid")
    return f"{platform.node()} {namespace.readlink() if namespace.exists() else ''}".strip()


if sys.platform == "win32":

    def started(pid: int) -> str | None:
        """When the process began, as opaque text: two processes that had the same number differ in it."""
        import ctypes

        query_limited_information, still_active = 0x1000, 259
        kernel = ctypes.WinDLL("kernel32")
        kernel.OpenProcess.restype = ctypes.c_void_p
        handle = ctypes.c_void_p(kernel.OpenProcess(query_limited_information, False, pid))
        if not handle:
            return None
        code = ctypes.c_ulong()
        times = [ctypes.c_uint64() for _ in range(4)]
        kernel.GetExitCodeProcess(handle, ctypes.byref(code))
        kernel.GetProcessTimes(handle, *map(ctypes.byref, times))
        kernel.CloseHandle(handle)
        return str(times[0].value) if code.value == still_active else None

    def owner_and_command(pid: int) -> tuple[int, str] | None:
        """The process's user number, always 0 here, and its command line."""
        command = ["powershell", "-NoProfile", "-Command", _POWERSHELL.format(pid)]
        answer = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
        return (0, answer.stdout.strip()) if answer.stdout.strip() else None

elif sys.platform == "linux":

    def started(pid: int) -> str | None:
        """When the process began, as opaque text: two processes that had the same number differ in it."""
        try:
            status = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
        except (FileNotFoundError, ProcessLookupError):
            return None
        state, *fields = status[status.rindex(")") + 1 :].split()
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        return None if state in "ZX" else f"{boot} {fields[18]}"

    def owner_and_command(pid: int) -> tuple[int, str] | None:
        """The process's user number and its command line, joined by spaces."""
        try:
            arguments = Path(f"/proc/{pid}/cmdline").read_bytes().rstrip(b"\0").split(b"\0")
            return Path(f"/proc/{pid}").stat().st_uid, b" ".join(arguments).decode(errors="surrogateescape")
        except (FileNotFoundError, ProcessLookupError):
            return None

else:

    def started(pid: int) -> str | None:
        """When the process began, as opaque text: two processes that had the same number differ in it."""
        state, _, start = _ps(pid, "stat=,lstart=").partition(" ")
        return None if not state or state.startswith("Z") else " ".join(start.split())

    def owner_and_command(pid: int) -> tuple[int, str] | None:
        """The process's user number and its command line, joined by spaces."""
        uid, _, command = _ps(pid, "uid=,command=").partition(" ")
        return (int(uid), command.strip()) if uid else None

    def _ps(pid: int, columns: str) -> str:
        command = ["/bin/ps", "-ww", "-o", columns, "-p", str(pid)]
        environment = {"LC_ALL": "C", "TZ": "UTC"}
        answer = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)  # noqa: S603
        return answer.stdout.strip()
