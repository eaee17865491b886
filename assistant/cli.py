"""The command `policy`: index documents, ask questions, serve the page.

Exit codes: 0 for an answer or an honest refusal, 2 for wrong usage, 1 for a failure.
"""

import json
import logging
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from assistant.answer import Answer, Status, answer_as_json
from assistant.question import read_question, region_code
from assistant.settings import Settings, read_settings
from corpus.errors import IndexStoreError, PolicyError, UsageError

cli = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    help="政策计算器：把政策文件编成可引用的条文，带出处回答问题。",
    pretty_exceptions_enable=False,
)
_STAGES = {
    "read": "读取文件",
    "embed": "计算向量",
    "write": "写入索引",
    "answer": "回答问题",
    "retrieval": "比较检索",
}
Store = Annotated[Path | None, typer.Option(help="索引所在的文件夹（默认 data/index）。")]
AsJson = Annotated[bool, typer.Option("--json", help="输出 JSON。")]


def main() -> None:
    """Run the command line; every error raised on purpose becomes one sentence."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    try:
        cli()
    except UsageError as error:
        _fail(str(error), 2)
    except PolicyError as error:
        logging.getLogger(__name__).debug("failed", exc_info=True)
        _fail(str(error), 1)


def _fail(sentence: str, code: int) -> None:
    print(sentence, file=sys.stderr)
    sys.exit(code)


@cli.command("index")
def index_command(
    documents: Annotated[
        list[Path] | None, typer.Option(help="放政策文件的文件夹；可以写多次。")
    ] = None,
    store: Store = None,
    as_json: AsJson = False,
    rollback: Annotated[bool, typer.Option(help="退回上一个版本，不重新建。")] = False,
    watch: Annotated[bool, typer.Option(help="文件夹有变化就重新编入，直到按 Ctrl-C。")] = False,
) -> None:
    """把文件夹里的政策文件编入索引；只重算有变化的条文。"""
    from assistant.reading import print_documents
    from index.build import BuildReport, roll_back

    settings = _settings(documents=tuple(documents) if documents else None, store=store)
    if rollback:
        held = roll_back(settings.store)
        print(f"已退回版本 {held.version}：{held.documents} 份文件、{held.clauses} 条。")
        return
    if watch:
        _watch(settings)
        return
    report: BuildReport = _build(settings)
    if as_json:
        drifts = _drifts(settings)
        print(json.dumps({**report_as_json(report), "drift": drifts}, ensure_ascii=False))
        return
    if report.unchanged:
        print("文件没有变化，沿用现有索引。")
    print_documents(report.documents)
    for removed in report.removed_documents:
        print(f"  已移除：{removed}")
    for problem in report.problems:
        print(f"  未收录 {problem.source}：{problem.message}", file=sys.stderr)
    for drift in _drifts(settings):
        print(f"  {drift}", file=sys.stderr)
    print(
        f"共 {len(report.documents)} 份文件、{report.clauses} 条；新算 {report.embedded} 段向量，"
        f"沿用 {report.reused} 段；用时 {report.seconds:.1f} 秒。"
    )


@cli.command("ask")
def ask_command(  # noqa: PLR0913  the options are the command's contract
    question: Annotated[str | None, typer.Argument(help="要问的问题。")] = None,
    store: Store = None,
    day: Annotated[str | None, typer.Option(help="按哪一天的规定回答，YYYY-MM-DD。")] = None,
    region: Annotated[str | None, typer.Option(help="问题没有写明时所指的地区。")] = None,
    batch: Annotated[
        Path | None, typer.Option(help="每行一个 {id, question} 的 JSONL 文件。")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """回答一个问题，或一个文件里的问题。"""
    if (question is None) == (batch is None):
        raise UsageError("请给出一个问题，或者用 --batch 给出一个问题文件，两者取一。")
    asked_on = parse_day_option(day) if day else date.today()
    if batch is not None:
        _ask_batch(batch, _settings(store=store), asked_on, region)
        return
    assert question is not None
    read_question(question, asked_on, region)  # wrong usage is said before the model is loaded
    answer = _assistant(_settings(store=store)).ask(question, day=asked_on, region=region)
    print(json.dumps(answer_as_json(answer), ensure_ascii=False) if as_json else as_text(answer))


@cli.command("calc")
def calc_command(  # noqa: PLR0913  the options are the command's contract
    sentence: Annotated[str | None, typer.Argument(help="一句话介绍企业。")] = None,
    facts: Annotated[Path | None, typer.Option(help="企业情况文件（YAML 或 JSON）。")] = None,
    day: Annotated[str | None, typer.Option(help="按哪一天的规定测算，YYYY-MM-DD。")] = None,
    region: Annotated[str | None, typer.Option(help="企业注册地。")] = None,
    programme: Annotated[
        list[str] | None, typer.Option(help="只测算这个政策项目；可以写多次。")
    ] = None,
    as_json: AsJson = False,
    list_all: Annotated[bool, typer.Option("--list", help="列出政策项目和企业情况。")] = False,
) -> None:
    """测算企业符合哪些政策、能得多少、差什么；不用索引，也不用网络。"""
    from assistant.calculating import Asked, calc_command, list_command

    if list_all:
        print(list_command())
        return
    if sentence is None and facts is None:
        raise UsageError(
            "请用一句话介绍企业，或用 --facts 给出企业情况文件，"
            '例如 policy calc "我们在银川，80人，研发25人，去年营收3200万"。'
        )
    asked_on = parse_day_option(day) if day else date.today()
    asked = Asked(sentence, facts, asked_on, region, tuple(programme or ()))
    print(calc_command(asked, as_json))


@cli.command("eval")
def eval_command(  # noqa: PLR0913  the options are the command's contract
    questions: Annotated[
        str, typer.Option("--set", help="测试集的名称、文件夹或 JSONL 文件。")
    ] = "library",
    documents: Annotated[Path | None, typer.Option(help="放政策文件的文件夹。")] = None,
    store: Store = None,
    part: Annotated[str | None, typer.Option(help="只评测这一部分：dev 或 test。")] = None,
    source: Annotated[str | None, typer.Option(help="只评测标为这一来源的问题。")] = None,
    against: Annotated[str | None, typer.Option(help="与哪次结果比较：名称或文件。")] = None,
    name: Annotated[str | None, typer.Option(help="结果的名称。")] = None,
    retrieval: Annotated[bool, typer.Option(help="同时比较各种检索方法。")] = True,
    as_json: AsJson = False,
) -> None:
    """评测回答质量：逐题打分，结果写入 eval/results。"""
    from eval.command import Asked, eval_command
    from eval.questions import DOCUMENTS

    asked = Asked(questions, documents or DOCUMENTS, store, part, source, against, name, retrieval)
    with _progress() as say:
        text, code = eval_command(asked, as_json, say)
    print(text)
    raise typer.Exit(code)


@cli.command("hash-password")
def hash_password_command() -> None:
    """把管理页的口令变成散列值，写进 POLICY_STAFF_PASSWORD_HASH。"""
    from assistant.sign_in import hash_password

    print(hash_password(typer.prompt("口令", hide_input=True, confirmation_prompt=True)))


@cli.command("read")
def read_files_command(
    files: Annotated[list[Path], typer.Argument(help="要读的文件，一个或几个。")],
    as_json: AsJson = False,
) -> None:
    """看一个文件读出了什么：标题、文号、日期、条文，以及存疑的地方。"""
    from assistant.reading import read_command

    raise typer.Exit(read_command(files, as_json))


@cli.command("serve")
def serve_command(
    host: Annotated[str | None, typer.Option(help="监听的地址（默认 127.0.0.1）。")] = None,
    port: Annotated[int | None, typer.Option(help="端口（默认 7860）。")] = None,
    store: Store = None,
) -> None:
    """打开网页；第一次会先建索引。"""
    settings = _settings(host=host, port=port, store=store)
    _check_port(settings)
    _ensure_index(settings)
    import uvicorn

    from app import create_app

    web = create_app(settings)
    print(f"网页地址：http://{settings.host}:{settings.port}", flush=True)
    uvicorn.run(
        web,
        host=settings.host,
        port=settings.port,
        log_level="warning",
        timeout_graceful_shutdown=2,  # an open page would hold it for ever
    )


def as_text(answer: Answer) -> str:
    """The answer and its numbered sources, as a person reads them on a terminal."""
    lines = [answer.answer]
    if answer.citations:
        lines += ["", "来源："]
    for one in answer.citations:
        number = f"（{one.document_number}）" if one.document_number else ""
        lines.append(f"[{one.n}] 《{one.title}》{number} {one.clause}")
    return "\n".join(lines)


def report_as_json(report: Any) -> dict[str, Any]:
    """A build report as plain JSON values."""
    from dataclasses import asdict

    return asdict(report)


def parse_day_option(text: str) -> date:
    """Read YYYY-MM-DD. Raises UsageError when it is no day of the calendar."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(
            f"“{text}”不是日期。请写成 YYYY-MM-DD，例如 2026-11-22，并且是日历上有的一天。"
        ) from error


def read_batch(path: Path) -> list[dict[str, Any]]:
    """Read every line before the first is answered, so that nothing is half done.

    Raises UsageError naming the first line that is no object with id and question.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"问题文件 {path} 打不开或不是 UTF-8：{error}。") from error
    objects = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            one = json.loads(line)
        except json.JSONDecodeError as error:
            raise UsageError(f"{path.name} 第 {number} 行不是 JSON：{error}。") from error
        if not isinstance(one, dict) or "id" not in one or not isinstance(one.get("question"), str):
            raise UsageError(f"{path.name} 第 {number} 行应是含 id 和 question 的对象。")
        objects.append(one)
    return objects


def _ask_batch(path: Path, settings: Settings, day: date, region: str | None) -> None:
    objects = read_batch(path)
    if region is not None:
        region_code(region)  # wrong usage is said before the model is loaded
    assistant = _assistant(settings)
    for one in objects:
        try:
            answer = assistant.ask(one["question"], day=day, region=region)
        except UsageError as error:
            answer = Answer(one["question"], day, Status.NEEDS_FACTS, str(error), needs=("问题",))
        print(json.dumps(answer_as_json(answer, str(one["id"])), ensure_ascii=False), flush=True)


def _settings(**given: Any) -> Settings:
    return read_settings(**{name: value for name, value in given.items() if value is not None})


def _assistant(settings: Settings) -> Any:
    from assistant.pipeline import open_assistant
    from index.versions import read_manifest

    read_manifest(settings.store)  # a missing index is said before the model is loaded
    return open_assistant(settings)


def _build(settings: Settings) -> Any:
    from index.build import build_index
    from index.embedding import load_embedder

    with _progress() as report:
        report("准备向量模型", 0, 1)
        embedder = load_embedder(settings.embedding_model, settings.cache)
        report("准备向量模型", 1, 1)
        return build_index(settings.indexed_documents, settings.store, embedder, report)


def _watch(settings: Settings) -> None:
    """Index now and whenever a folder changes; a fault is named and the watch goes on."""
    from index.embedding import load_embedder
    from index.watch import watch_folders

    embedder = load_embedder(settings.embedding_model, settings.cache)
    print("正在留意文件夹的变化，按 Ctrl-C 结束。", flush=True)
    try:
        for one in watch_folders(settings.indexed_documents, settings.store, embedder):
            if isinstance(one, PolicyError):
                print(one, file=sys.stderr, flush=True)
            else:
                print(f"已编入 {len(one.documents)} 份文件、{one.clauses} 条。", flush=True)
    except KeyboardInterrupt:
        print("已停止。")


def _drifts(settings: Settings) -> list[str]:
    """What rules no longer find in the documents just indexed."""
    from assistant.rules.drift import find_drift
    from index.versions import read_contents, read_manifest, version_folder

    version = read_manifest(settings.store).version
    contents = read_contents(version_folder(settings.store, version))
    return [
        one.text
        for one in find_drift(
            {one.clause_id: one for one in contents.clauses},
            {one.document_id: one for one in contents.documents},
        )
    ]


def _ensure_index(settings: Settings) -> None:
    """Build the index when there is none that this program can use."""
    from index.versions import read_manifest

    try:
        read_manifest(settings.store)
    except IndexStoreError as error:
        print(f"{error}\n现在建立索引……", flush=True)
        _build(settings)


@contextmanager
def _progress() -> Iterator[Callable[[str, int, int], None]]:
    """A progress bar on the terminal's error stream; one bar a stage."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
    from rich.progress import TimeRemainingColumn as Remaining

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), Remaining())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        tasks: dict[str, Any] = {}

        def report(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bar.add_task(_STAGES.get(stage, stage), total=total)
            bar.update(tasks[stage], completed=done, total=total)

        yield report


def _check_port(settings: Settings) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            raise PolicyError(
                f"{settings.host}:{settings.port} 不能使用（{error.strerror}）。"
                "请关掉占用它的程序，或用 --port 换一个端口。"
            ) from error


if __name__ == "__main__":
    main()
