"""The staff page: its addresses without a browser, then a whole visit in a real one."""

import io
import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from assistant.desk.folders import Folders
from assistant.pages import desk as pages
from assistant.pages.desk import COOKIE, DeskPages, add_desk
from assistant.settings import Settings
from assistant.sign_in import SignIn
from conftest import ROOT, _wait_until_ready
from index.build import build_index
from index.embedding import load_embedder
from official_document import scanned_pdf, text_pdf
from small_index import POLICIES, PairEmbedder, write_policies
from test_assistant_sign_in import Clock, quick_hash

PASSWORD = "塞上江南-2026"
MARKUP = "<img src=x onerror=\"document.title='gone'\"><script>document.title='gone'</script>"
VOUCHER = (
    "海原省科学技术厅关于印发科技创新券管理办法的通知\n"
    "海科规〔2025〕7号\n"
    "第一条 为支持企业购买科技服务，制定本办法。\n"
    "第二条 科技创新券每张面额为37万元，每家企业每年最多申领两张。\n"
    "第三条 本办法自2025年5月1日起施行。\n"
)
