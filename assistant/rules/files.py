"""Reading the YAML files of the rules strictly: a key stands once, and every key is known."""

from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from corpus.errors import RuleError


class Strict(BaseModel):
    """What a rule's file holds; a key that nobody knows is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class _OneKeyOnce(yaml.CSafeLoader):
    """YAML keeps the last of two equal keys without a word; here the second is an error."""


def _mapping(loader: _OneKeyOnce, node: yaml.MappingNode) -> dict[Any, Any]:
    written = [key.value for key, _ in node.value]
    for key in written:
        if written.count(key) > 1:
            raise yaml.constructor.ConstructorError(
                None, None, f"同一个键“{key}”写了两次", node.start_mark
            )
    loader.flatten_mapping(node)  # merges `<<`; a key written beside it wins
    return {
        loader.construct_object(key, deep=True): loader.construct_object(value, deep=True)
        for key, value in node.value
    }


_OneKeyOnce.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)

Model = TypeVar("Model", bound=BaseModel)


def read_yaml(path: Path) -> Any:
    """The plain values of a YAML file. Raises RuleError when it cannot be read."""
    try:
        return yaml.load(path.read_text(encoding="utf-8"), _OneKeyOnce)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise RuleError(f"{path.parent.name}/{path.name} 不能读取：{error}") from error


def validate(model: type[Model], values: Any, where: str) -> Model:
    """The values as a model. Raises RuleError that names the place and each wrong key."""
    try:
        return model.model_validate(values)
    except ValidationError as error:
        wrong = "；".join(
            f"{'.'.join(str(part) for part in one['loc']) or '（全文）'}：{one['msg']}"
            for one in error.errors()
        )
        raise RuleError(f"{where} 写得不对：{wrong}。请对照同目录其他规则改正。") from error
