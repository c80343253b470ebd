// A file may be dropped anywhere on its form; one that is too large is said to be before it is sent.
bind("import-file", (place) => {
  const form = place.closest("form");
  const input = place.querySelector('input[type="file"]');
  const tooLarge = place.querySelector("[data-too-large]");

  const check = () => {
    const size = [...input.files].reduce((sum, file) => sum + file.size, 0);
    const fits = size <= Number(input.dataset.most);
    tooLarge.hidden = fits;
    input.setCustomValidity(fits ? "" : tooLarge.textContent.trim());
  };

  input.addEventListener("change", check);
  form.addEventListener("dragover", (event) => {
    event.preventDefault();
    place.classList.add("imports__drop--over");
  });
  form.addEventListener("dragleave", () => place.classList.remove("imports__drop--over"));
  form.addEventListener("drop", (event) => {
    event.preventDefault();
    place.classList.remove("imports__drop--over");
    if (!event.dataTransfer.files.length) return;
    input.files = event.dataTransfer.files;
    check();
  });
});
