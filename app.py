"""The web application: the page at `/`, the answers as JSON at `/api/ask`, and `/healthz`.

The calculator is at `/calculator`, its results as JSON at `/api/calc`. With a password for staff
in the environment also their page, at `/desk`, and the one of evaluators, at `/evaluation`.

`uvicorn app:create_app --factory` serves it; so does `policy serve`, which builds the
index first when there is none.
"""

import os
from datetime import date
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict

from assistant.answer import answer_as_json
from assistant.pages.day import today
from assistant.pipeline import Assistant, open_assistant
from assistant.settings import Settings, read_settings
from corpus.errors import PolicyError, UsageError

EXPECTED = {
    "question": "question 应为一句文字，如“科技计划分为哪几类？”",
    "day": "day 应为“年-月-日”，如 2026-01-31，不写则为今天",
    "region": "region 应为地域名称或代码，如 宁夏 或 CN-NX，不写则不限",
}


class AskRequest(BaseModel):
    """What `POST /api/ask` reads."""

    model_config = ConfigDict(extra="forbid")

    question: str
    day: date | None = None
    region: str | None = None


def create_app(settings: Settings | None = None) -> FastAPI:
    """Return the application over the index of the settings' store.

    Raises UsageError for wrong settings, IndexStoreError when there is no index yet.
    """
    settings = settings or read_settings()
    assistant = open_assistant(settings)
    # Read by Gradio when it is imported; without it the page looks up addresses outside.
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    from assistant.pages.calculator import add_calculator
    from assistant.pages.desk import add_desk
    from assistant.pages.layout import mount_page
    from eval.page import add_evaluation

    # FastAPI's own /docs loads its scripts from elsewhere, so there is none.
    app = FastAPI(title="政策计算器", docs_url=None, redoc_url=None, openapi_url=None)
    _add_api(app, assistant, settings)
    _add_error_sentences(app)
    # All before the page at /, which takes the rest.
    staff = add_desk(app, assistant.index.embedder, settings)
    has_desk = staff is not None
    if staff is not None:
        add_evaluation(app, assistant, staff, settings)
    add_calculator(app, has_desk)
    return mount_page(app, assistant, settings, has_desk)


def _add_api(app: FastAPI, assistant: Assistant, settings: Settings) -> None:
    @app.get("/healthz")
    def healthz() -> dict[str, Any]:
        manifest = assistant.index.manifest
        return {
            "status": "ok",
            "index_version": manifest.version,
            "documents": manifest.documents,
            "clauses": manifest.clauses,
        }

    @app.post("/api/ask")
    def ask(asked: AskRequest) -> dict[str, Any]:
        answer = assistant.ask(
            asked.question, day=asked.day or today(), region=asked.region or settings.region
        )
        return answer_as_json(answer)


def _add_error_sentences(app: FastAPI) -> None:
    @app.exception_handler(UsageError)
    def usage(_request: Request, error: UsageError) -> JSONResponse:
        return JSONResponse({"error": str(error)}, status_code=400)

    @app.exception_handler(PolicyError)
    def unavailable(_request: Request, error: PolicyError) -> JSONResponse:
        return JSONResponse({"error": str(error)}, status_code=503)

    @app.exception_handler(RequestValidationError)
    def invalid(_request: Request, error: RequestValidationError) -> JSONResponse:
        return JSONResponse({"error": _sentence(error)}, status_code=422)


def _sentence(error: RequestValidationError) -> str:
    """Return what is wrong with the body of a request, and what is expected."""
    problem = error.errors()[0]
    name = str(problem["loc"][1]) if len(problem["loc"]) > 1 else ""
    if name in EXPECTED:
        return f"请求的 {name} 缺少或不能用。{EXPECTED[name]}。"
    if problem["type"] == "extra_forbidden":
        return f"请求里没有名为 {name[:30]} 的项。可用的项：{'、'.join(EXPECTED)}。"
    return '请求体应为 JSON 对象，如 {"question": "科技计划分为哪几类？"}。'
