// Shows notices that the page brings along as templates: "notice:show" with the template's id and what it is about,
// until "notice:remove" with that id.
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

  // A class, since on a page of hundreds of items a rule with :has() costs more than all else that a tap does.
  new MutationObserver(() => {
    place.classList.toggle("flash--pinned", place.querySelector("[data-notice]") !== null);
  }).observe(place, { childList: true });
});
