"""A server in the place of Rasa: it names the model that it has, and takes every text for the same."""

from __future__ import annotations

from typing import Any

from litestar import Litestar, get, post
from litestar.params import JSONBody


class Understanding:
    """What it has and says can be changed while it runs."""

    def __init__(self, model: str) -> None:
        self.model = model
        self.url = ""
        self.ranking = [("risk_held_captive", 0.91), ("greet", 0.04)]
        self.asked: list[str] = []

    def app(self) -> Litestar:
        @get("/health")
        async def health() -> str:
            return "well"

        @get("/status")
        async def status() -> dict[str, Any]:
            return {"model_file": f"models/{self.model}.tar.gz"}

        @post("/model/parse", status_code=200)
        async def parse(data: JSONBody[dict[str, str]]) -> dict[str, Any]:
            self.asked.append(data["text"])
            ranking = [{"name": name, "confidence": sure} for name, sure in self.ranking]
            return {"intent_ranking": ranking, "model_id": self.model}

        return Litestar(route_handlers=[health, status, parse], openapi_config=None, logging_config=None)
