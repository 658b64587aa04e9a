// Of a site in a folder. Nobody answers there, so what is looked for is looked for here, among the names that names.js has. Opened as
// files, "party/X/" is no page either: links get the name of its file. A plain script, since browsers load no modules from files.
(() => {
  const MOST = 100, ENDS_IN_FOLDER = /\/(?=$|[?#])/;
  const isFile = location.protocol === 'file:';
  /** @param {string} address */
  const page = (address) => (isFile ? address.replace(ENDS_IN_FOLDER, '/index.html') : address);

  if (isFile) {
    for (const link of document.querySelectorAll('a')) {
      const address = link.getAttribute('href');
      if (address) link.setAttribute('href', page(address));
    }
    for (const form of document.querySelectorAll('form')) form.setAttribute('action', page(form.getAttribute('action') ?? ''));
  }

  /** Without case, accents and width. @param {string} text */
  const folded = (text) => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();

  /** How well an item fits: 0 the best. @param {string} asked @param {string} id @param {string} name */
  function rank(asked, id, name) {
    if (id === asked || name === asked) return 0;
    return id.startsWith(asked) || name.startsWith(asked) ? 1 : 2;
  }

  /** Calls from names.js. @param {[kind: string, id: string, name: string, others: string][]} names */
  function find(names) {
    const place = document.getElementById('found'), box = document.querySelector('input');
    const asked = (new URLSearchParams(location.search).get('q') ?? '').trim();
    if (!place || asked === '') return;
    if (box) box.value = asked;
    const whole = folded(asked), words = whole.split(/\s+/);
    const found = [];
    for (const [kind, id, name, others] of names) {
      const texts = [folded(id), folded(name), folded(others)];
      if (words.every((word) => texts.some((text) => text.includes(word)))) found.push({ kind, id, name, rank: rank(whole, texts[0], texts[1]) });
    }
    found.sort((one, other) => one.rank - other.rank);
    const list = document.createElement('ul');
    for (const { kind, id, name } of found.slice(0, MOST)) {
      const item = document.createElement('li'), link = document.createElement('a'), said = document.createElement('bdi');
      said.translate = false;
      said.textContent = name || id;
      link.setAttribute('href', page(`${place.dataset.root}${kind}/${encodeURIComponent(id)}/`));
      link.append(said);
      item.append(link, ` · ${place.dataset[kind]} · ${id}`);
      list.append(item);
    }
    const rest = document.createElement('p');
    rest.textContent = (found.length === 0 ? place.dataset.none : found.length > MOST ? place.dataset.more : '') ?? '';
    place.replaceChildren(list, rest);
  }
  Object.assign(window, { fundtrailNames: find });
})();
