// Shows notices that the page brings as templates: "notice:show" names the template and its subject; "notice:remove"
// with the same id removes it.
bind("notices", (place) => {
  const remove = (name) => place.querySelector(`[data-notice="${name}"]`)?.remove();

  document.addEventListener("notice:show", ({ detail: { name, about } }) => {
    remove(name);
    const notice = document.getElementById(name).content.firstElementChild.cloneNode(true);
    notice.dataset.notice = name;
    if (about) notice.querySelector("[data-about]").textContent = about;
    place.prepend(notice);
  });
  document.addEventListener("notice:remove", ({ detail: { name } }) => remove(name));

  // A class, since on a page of hundreds of items a rule with :has() costs more than the rest of a tap's work.
  new MutationObserver(() => {
    place.classList.toggle("flash--pinned", place.querySelector("[data-notice]") !== null);
  }).observe(place, { childList: true });
});
