"""What the pages behind the staff's password share: who asks, and what a request may be.

What it does not know: passwords and sessions (assistant.sign_in), and any page.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass

from fastapi import HTTPException, Request
from starlette.datastructures import FormData

from assistant.sign_in import Session, SignIn, is_same

COOKIE = "policy_desk"
PLACES = ("/desk", "/evaluation")  # one sign-in opens both
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        "img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
_MOST_FIELDS = 50


@dataclass(frozen=True)
class Guard:
    """Lets through to the page at `home` who is signed in, with forms of up to `most_bytes`."""

    sign_in: SignIn
    home: str
    most_bytes: int
    most_files: int

    def session(self, request: Request) -> Session:
        """The session of a request, or the way to the sign-in form and back."""
        session = self.sign_in.find(request.cookies.get(COOKIE))
        if session is None:
            back = "" if self.home == PLACES[0] else f"?to={self.home}"
            raise HTTPException(303, headers={"Location": f"/desk/sign-in{back}"})
        return session

    async def form(self, request: Request) -> AsyncIterator[FormData]:
        """The form of a request that comes from a page of ours; read only when signed in."""
        session = self.session(request)
        refuse_other_sites(request)
        refuse_too_large(request, self.most_bytes)
        async with request.form(max_files=self.most_files, max_fields=_MOST_FIELDS) as form:
            if not is_same(str(form.get("token", "")), session):
                raise HTTPException(403, "这个表单已经失效，请刷新页面后再试。")
            yield form


def refuse_other_sites(request: Request) -> None:
    """Refuse what another site's page sent: a second wall beside the form's token and cookie."""
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise HTTPException(403, "请求来自别的网站。")


def refuse_too_large(request: Request, most: int) -> None:
    """Refuse a request of more than `most` bytes before any of it is read."""
    length = request.headers.get("content-length", "")
    if not length.isdecimal():
        raise HTTPException(411, "请求没有写明长度。")
    if int(length) > most:
        raise HTTPException(413, f"一次最多放入 {most // 1024**2} MB，请分几次放入。")
