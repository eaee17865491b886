"""The settings of one running assistant, read once from the environment (POLICY_...)."""

import os
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

import corpus
from corpus.errors import UsageError

PACKAGED_DOCUMENTS = Path(corpus.__file__).parent / "documents"

# What a person should write instead, said when a value is refused.
EXPECTED = {
    "documents": f"一个或几个已存在的文件夹，之间用“{os.pathsep}”分开",
    "store": "存放索引的文件夹路径",
    "cache": "存放向量缓存的文件夹路径",
    "embedding_model": "本机上的向量模型文件夹，不写则用内置模型",
    "region": "地域代码，如 CN、CN-NX、CN-NM-1508",
    "host": "监听的地址，如 127.0.0.1 或 0.0.0.0",
    "port": "1 到 65535 之间的整数",
}


def _default_cache() -> Path:
    from index.embedding import default_cache  # here, because nothing heavy loads on import

    return default_cache()


class Settings(BaseSettings):
    """Where documents and index lie, and where the page listens. Frozen.

    Make it with `read_settings`, which turns a wrong value into a UsageError.
    """

    model_config = SettingsConfigDict(
        env_prefix="POLICY_", env_ignore_empty=True, extra="forbid", frozen=True
    )

    documents: Annotated[tuple[Path, ...], NoDecode] = Field((PACKAGED_DOCUMENTS,), min_length=1)
    store: Path = Path("data/index")
    cache: Path = Field(default_factory=_default_cache)
    embedding_model: str | None = None
    region: str | None = Field(None, pattern=r"^CN(-[A-Z]{2}(-\d{4,6})?)?$")
    host: str = Field("127.0.0.1", min_length=1)
    port: int = Field(7860, ge=1, le=65535)

    @property
    def own_documents(self) -> Path:
        """Where the staff page keeps what it takes in, beside the index."""
        return self.store.parent / "documents"

    @property
    def indexed_documents(self) -> tuple[Path, ...]:
        """Every folder that an index is built of: the stated ones and the staff's own."""
        own = self.own_documents
        known = [folder.resolve() for folder in self.documents]
        return (
            self.documents if own.resolve() in known or not own.is_dir() else (*self.documents, own)
        )

    @field_validator("documents", mode="before")
    @classmethod
    def _split_folders(cls, value: Any) -> Any:
        """Read `a:b` as two folders, as PATH is read; JSON in a variable is hard to write."""
        if isinstance(value, str):
            return tuple(part for part in value.split(os.pathsep) if part.strip())
        return value

    @field_validator("documents")
    @classmethod
    def _folders_exist(cls, value: tuple[Path, ...]) -> tuple[Path, ...]:
        missing = [str(folder) for folder in value if not folder.is_dir()]
        if missing:
            raise ValueError("没有这个文件夹：" + "、".join(missing))
        return value


def read_settings(**given: Any) -> Settings:
    """Return the settings: what is given here wins over the environment, that over defaults.

    Raises UsageError naming the first wrong value, what was found and what is expected.
    """
    try:
        return Settings(**given)
    except ValidationError as error:
        raise UsageError(_sentence(error, given)) from error


def _sentence(error: ValidationError, given: dict[str, Any]) -> str:
    problem = error.errors(include_url=False)[0]
    name = str(problem["loc"][0])
    if name not in EXPECTED:
        return f"没有名为 {name} 的设置。可用的设置：{'、'.join(EXPECTED)}。"
    where = f"设置 {name}" if name in given else f"环境变量 POLICY_{name.upper()}"
    found = given.get(name, os.environ.get(f"POLICY_{name.upper()}", problem["input"]))
    return f"{where} 的值“{found}”不能用。应为：{EXPECTED[name]}。请改正后重新启动。"
