// The staff page: files dropped on it, the progress of reading and indexing, the filter.
// Without this script every form still works; progress is then seen by loading the page again.
"use strict";

(() => {
  const MOST_BYTES = 50 * 1024 * 1024; // as in assistant/desk/intake.py
  const EVERY = 600; // milliseconds between two questions for news
  const body = document.body;
  document.documentElement.classList.add("scripted");

  // Files: one request each, so that each has its own progress and its own refusal.

  const form = document.querySelector("form.upload");
  const drop = document.getElementById("drop");

  function noted(list, name) {
    const item = document.createElement("li");
    const words = document.createElement("span");
    const bar = document.createElement("progress");
    words.textContent = name;
    bar.max = 1;
    bar.value = 0;
    item.append(words, bar);
    list.append(item);
    return { item, words, bar };
  }

  function refuse(entry, name, sentence) {
    entry.item.classList.add("wrong");
    entry.words.textContent = `${name}：${sentence}`;
    entry.bar.remove();
  }

  function send(file, entry) {
    return new Promise((resolve) => {
      const sent = new FormData();
      sent.append("token", form.elements.token.value);
      sent.append("files", file, file.name);
      const request = new XMLHttpRequest();
      request.open("POST", form.action);
      request.setRequestHeader("Accept", "application/json");
      request.upload.onprogress = (event) => {
        if (event.lengthComputable) entry.bar.value = event.loaded / event.total;
      };
      request.onload = () => {
        if (request.responseURL.endsWith("/desk/sign-in")) location.reload();
        if (request.status !== 200) refuse(entry, file.name, reason(request));
        resolve(request.status === 200);
      };
      request.onerror = () => {
        refuse(entry, file.name, "没有送达，请检查网络后再试。");
        resolve(false);
      };
      request.send(sent);
    });
  }

  function reason(request) {
    try {
      return JSON.parse(request.responseText).detail;
    } catch {
      return `没有放入（${request.status}）。`;
    }
  }

  async function sendAll(files) {
    const list = form.querySelector(".uploads");
    list.replaceChildren();
    let failed = 0;
    for (const file of files) {
      const entry = noted(list, file.name);
      if (file.size > MOST_BYTES) {
        refuse(entry, file.name, "超过 50 MB，请拆分后再放入。");
        failed += 1;
      } else if (!(await send(file, entry))) {
        failed += 1;
      }
    }
    if (!failed) location.reload();
  }

  if (form) {
    const input = form.elements.files;
    input.addEventListener("change", () => sendAll([...input.files]));
    for (const kind of ["dragenter", "dragover"]) {
      drop.addEventListener(kind, (event) => {
        event.preventDefault();
        drop.classList.add("over");
      });
    }
    for (const kind of ["dragleave", "drop"]) {
      drop.addEventListener(kind, () => drop.classList.remove("over"));
    }
    drop.addEventListener("drop", (event) => {
      event.preventDefault();
      sendAll([...event.dataTransfer.files]);
    });
    // A file that misses the field must not replace the page.
    for (const kind of ["dragover", "drop"]) {
      window.addEventListener(kind, (event) => event.preventDefault());
    }
  }

  // News: asked for while something is read or built, and the page is loaded anew after it.

  function show(news) {
    const box = document.querySelector(".progress");
    if (!box) return;
    box.hidden = !news.building;
    box.querySelector(".stage").textContent =
      news.stage + (news.total ? ` ${news.done} / ${news.total}` : "……");
    const bar = box.querySelector("progress");
    bar.max = news.total || 1;
    if (news.total) bar.value = news.done;
    else bar.removeAttribute("value");
  }

  const isTyping = () => {
    const form = document.querySelector("form.metadata");
    return form !== null && form.classList.contains("changed");
  };

  async function ask() {
    try {
      const response = await fetch("/desk/status", { headers: { Accept: "application/json" } });
      if (response.redirected) return location.reload();
      const news = await response.json();
      show(news);
      if (news.stamp !== body.dataset.stamp && !isTyping() && !news.building) {
        return location.reload();
      }
      if (!news.busy) return;
    } catch {
      // The server may be starting anew; the next question finds out.
    }
    setTimeout(ask, EVERY);
  }

  document.querySelector("form.metadata")?.addEventListener("input", (event) => {
    event.currentTarget.classList.add("changed");
  });
  if (body.dataset.busy === "1") setTimeout(ask, EVERY);

  // The filter of a table.

  document.querySelector("input[data-filter]")?.addEventListener("input", (event) => {
    const words = event.target.value.trim().toLowerCase();
    const table = document.getElementById(event.target.dataset.filter);
    for (const row of table.tBodies[0].rows) {
      row.hidden = !row.textContent.toLowerCase().includes(words);
    }
  });
})();
