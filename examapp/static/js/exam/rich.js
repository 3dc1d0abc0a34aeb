// Texts with markup. They were built from known elements when they came into the bank; here they are built once more,
// from the same list, so that nothing else can ever stand in the page.

const MATHML = "http://www.w3.org/1998/Math/MathML";

const ELEMENTS = new Set(
  "strong em u s sub sup code br ul ol li table tr td th pre blockquote img".split(" "),
);
const FORMULA = new Set(
  ("math mrow mi mn mo mtext mspace msup msub msubsup mfrac msqrt mroot mover munder munderover mtable mtr mtd " +
    "mmultiscripts mprescripts none mphantom menclose mfenced").split(" "),
);
const ATTRIBUTES = new Set(
  ("alt width height colspan rowspan start type display mathvariant stretchy fence separator linethickness notation " +
    "columnalign accent accentunder open close separators").split(" "),
);
const PICTURE = /^data:image\/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/=]+$/;

function copy(node) {
  if (node.nodeType === Node.TEXT_NODE) return [document.createTextNode(node.data)];
  if (node.nodeType !== Node.ELEMENT_NODE) return [];
  const name = node.localName;
  const children = [...node.childNodes].flatMap(copy);
  const formula = node.namespaceURI === MATHML && FORMULA.has(name);
  if (!formula && !ELEMENTS.has(name)) return children;
  const made = formula ? document.createElementNS(MATHML, name) : document.createElement(name);
  for (const { name: key, value } of node.attributes) {
    if (ATTRIBUTES.has(key)) made.setAttribute(key, value);
    else if (name === "img" && key === "src" && PICTURE.test(value)) made.setAttribute(key, value);
    else if (name === "math" && key === "alttext") made.setAttribute("aria-label", value);
  }
  made.append(...children);
  return [made];
}

/** The nodes of a text of a question: a plain one is itself, one with markup `{html}`. */
export function rich(text) {
  if (typeof text === "string") return [text];
  return [...new DOMParser().parseFromString(text.html, "text/html").body.childNodes].flatMap(copy);
}

/** Whether two texts of questions are the same. */
export function sameText(one, other) {
  return typeof one === "string" || typeof other === "string" ? one === other : one.html === other.html;
}
