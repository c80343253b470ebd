// Shows a message about what was done as a toast if the page opens at an item, far below the message.
bind("news-in-sight", (place) => {
  const news = document.querySelector("#flash .notice--success");
  if (!news || !location.hash) return;
  const toast = document.getElementById("toast-plain").content.cloneNode(true);
  toast.querySelector(".toast__words").textContent = news.textContent.trim();
  news.remove();
  place.replaceChildren(toast);
});
