/* Small comforts on pages that already work without them. No evaluation of text, no styles written into elements. */
"use strict";

const all = (selector, within = document) => Array.from(within.querySelectorAll(selector));
const DRAFT = "woshou:draft:";

document.documentElement.classList.add("js");

/* Every htmx request carries the token that forms carry in a hidden field. */
document.addEventListener("htmx:configRequest", (event) => {
  const token = document.querySelector('meta[name="csrf-token"]');
  if (token && event.detail.verb !== "get") event.detail.headers["X-CSRF-Token"] = token.content;
});

document.addEventListener("htmx:sendError", () => announce("网络不通，刚才的操作没有送达，请稍后重试。"));
document.addEventListener("htmx:responseError", (event) => {
  const status = event.detail.xhr.status;
  announce(status === 409 ? "这条记录刚被他人改动，请刷新后再试。" : status === 401 || status === 403 ? "登录已过期或没有权限，请重新登录。" : "操作没有完成，请刷新页面后重试。");
});

function announce(text) {
  const box = document.getElementById("flashes");
  if (!box) return;
  const flash = document.createElement("div");
  flash.className = "flash tone-danger";
  flash.setAttribute("role", "alert");
  flash.append(Object.assign(document.createElement("p"), { textContent: text }));
  box.replaceChildren(flash);
}

/* Drafts: <form data-draft="need-new"> keeps what is typed in this browser until it is accepted or the person signs out. */
function fields(form) {
  return Array.from(form.elements).filter((e) => e.name && !["hidden", "password", "file", "submit", "button"].includes(e.type));
}

function saveDraft(form) {
  const values = fields(form).map((e) => [e.name, e.value, e.type === "checkbox" || e.type === "radio" ? e.checked : null]);
  const at = new Date().toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit" });
  try {
    localStorage.setItem(DRAFT + form.dataset.draft, JSON.stringify({ at, values }));
    draftNote(form, `已在本机自动保存 ${at}`);
  } catch {
    draftNote(form, "本机存储不可用，请及时存为草稿");
  }
}

function restoreDraft(form) {
  const kept = localStorage.getItem(DRAFT + form.dataset.draft);
  if (!kept || form.querySelector("[aria-invalid], .error-summary")) return;
  const { at, values } = JSON.parse(kept);
  for (const field of fields(form)) {
    const match = values.find(([name, value, on]) => name === field.name && (on === null || value === field.value));
    if (match && match[2] !== null) field.checked = match[2];
    else if (match) field.value = match[1];
  }
  const forget = Object.assign(document.createElement("button"), { type: "button", className: "button quiet small", textContent: "放弃并清空" });
  forget.addEventListener("click", () => {
    localStorage.removeItem(DRAFT + form.dataset.draft);
    form.reset();
    draftNote(form, "");
  });
  draftNote(form, `已恢复 ${at} 未提交的内容`, forget);
}

function draftNote(form, text, ...more) {
  const note = form.querySelector("[data-draft-note]");
  if (note) note.replaceChildren(text, ...more);
}

function startDraft(form) {
  let timer = 0;
  restoreDraft(form);
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => saveDraft(form), 600);
  });
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    sessionStorage.setItem("woshou:sent", form.dataset.draft);
  });
}

/* A sent draft is forgotten once the answer is a page that no longer asks for it. */
function forgetSentDraft() {
  const sent = sessionStorage.getItem("woshou:sent");
  sessionStorage.removeItem("woshou:sent");
  if (sent && !all("form[data-draft]").some((form) => form.dataset.draft === sent)) localStorage.removeItem(DRAFT + sent);
}

document.addEventListener("submit", (event) => {
  if (event.target.getAttribute("action") !== "/logout") return;
  for (const key of Object.keys(localStorage)) if (key.startsWith(DRAFT)) localStorage.removeItem(key);
  if (window.caches) caches.delete("woshou-door");
});

/* Counters under long texts. */
function count(area) {
  const left = area.maxLength - area.value.length;
  const counter = document.getElementById(area.dataset.count);
  counter.textContent = `已写 ${area.value.length} 字，还可写 ${left} 字`;
  counter.classList.toggle("near", left < area.maxLength / 10);
}
document.addEventListener("input", (event) => {
  if (event.target.matches("[data-count]")) count(event.target);
});

/* Lists marked data-list: click a row, or j / k to move, Enter to open, and the letter in data-key to press a button of the row. */
const rowsOf = (list) => all("tbody > tr, [data-row]", list);
const linkOf = (row) => row.querySelector("a[href]");

document.addEventListener("click", (event) => {
  const row = event.target.closest("[data-list] tbody > tr, [data-list] [data-row]");
  if (!row || event.target.closest("a, button, input, select, label, summary, form") || String(getSelection())) return;
  const link = linkOf(row);
  if (!link) return;
  if (event.ctrlKey || event.metaKey) window.open(link.href);
  else link.click();
});

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea, [contenteditable]")) return;
  if (event.key === "/") {
    const search = document.querySelector('input[type="search"]');
    if (search) event.preventDefault(), search.focus();
    return;
  }
  const list = document.querySelector("[data-list]:has(.selected)") || document.querySelector("[data-list]");
  if (!list) return;
  const rows = rowsOf(list);
  const here = rows.findIndex((row) => row.classList.contains("selected"));
  if (event.key === "j" || event.key === "k") {
    const next = Math.max(0, Math.min(rows.length - 1, here + (event.key === "j" ? 1 : -1)));
    rows.forEach((row, index) => row.classList.toggle("selected", index === next));
    if (rows[next]) rows[next].scrollIntoView({ block: "nearest" }), linkOf(rows[next])?.focus({ preventScroll: true });
  } else if (here >= 0) {
    const button = rows[here].querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (button) event.preventDefault(), button.click();
    else if (event.key === "Enter" && event.target === document.body) linkOf(rows[here])?.click();
  }
});

/* An open menu closes on Escape or a click elsewhere. */
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") all("details.menu[open], details.confirm[open]").forEach((menu) => { menu.open = false; menu.querySelector("summary").focus(); });
});
document.addEventListener("click", (event) => {
  all("details.menu[open]").forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
});

/* Suggestions close on Escape, on leaving the box for elsewhere, and when the box is empty; arrows walk through them. */
document.addEventListener("keydown", (event) => {
  const form = event.target.closest("form:has([data-suggest])");
  if (!form) return;
  const links = all(".suggestions a", form);
  if (event.key === "Escape") all(".suggestions", form).forEach((box) => box.replaceChildren());
  if (!links.length || (event.key !== "ArrowDown" && event.key !== "ArrowUp")) return;
  event.preventDefault();
  const next = links.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
  (links[next] || form.querySelector("[data-suggest]")).focus();
});
document.addEventListener("focusout", (event) => {
  const form = event.target.closest("form:has([data-suggest])");
  if (form) setTimeout(() => { if (!form.contains(document.activeElement)) all(".suggestions", form).forEach((box) => box.replaceChildren()); }, 150);
});

/* On a narrow screen filters start folded. */
if (matchMedia("(max-width: 859px)").matches) all("details[data-folded]").forEach((filters) => { filters.open = false; });

all("form[data-draft]").forEach(startDraft);
forgetSentDraft();
all("[data-count]").forEach(count);
document.querySelector("[data-focus]")?.focus();
document.addEventListener("htmx:load", (event) => {
  if (event.target === document.body) return;
  all("form[data-draft]", event.target).forEach(startDraft);
  all("[data-count]", event.target).forEach(count);
});
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
  const copier = event.target.closest("[data-copy]");
  const copied = copier && document.getElementById(copier.dataset.copy);
  if (!copied) return;
  copied.select();
  if (navigator.clipboard) navigator.clipboard.writeText(copied.value).then(() => (copier.textContent = "已复制"));
});

/* Check-up: a finding's link marks its place in the field; a ticked word moves into the field named by data-adds-to. */
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-select]");
  const field = link && document.getElementById(link.dataset.select);
  if (!field || !field.setSelectionRange) return;
  event.preventDefault();
  const { from, to, text } = link.dataset;
  const moved = field.value.slice(Number(from), Number(to)) === text ? Number(from) : field.value.indexOf(text);
  field.focus();
  if (moved >= 0) field.setSelectionRange(moved, moved + text.length);
  field.scrollIntoView({ block: "center" });
});
/* One category offered in several places is one choice. */
document.addEventListener("change", (event) => {
  const { name, value, checked, type } = event.target;
  if (name !== "categories" || type !== "checkbox") return;
  for (const twin of all(`input[name="categories"][value="${CSS.escape(value)}"]`)) twin.checked = checked;
  for (const option of all(`#f-further option[value="${CSS.escape(value)}"]`)) option.selected = checked;
});
document.addEventListener("change", (event) => {
  const field = event.target.dataset.addsTo && document.getElementById(event.target.dataset.addsTo);
  if (!field) return;
  field.value = [field.value.trim(), event.target.value].filter(Boolean).join("、");
  event.target.closest("label").remove();
  field.dispatchEvent(new Event("input", { bubbles: true }));
});
