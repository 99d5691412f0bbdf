/**
 * Leaves out of a style sheet what no source names: rules by their classes, animations and custom
 * properties by their names. So class names stand in the sources whole, never put together of parts.
 */
import postcss from "postcss";

export function purge(css, sources) {
  const words = new Set(sources.flatMap((text) => text.match(/[\w-]+/g) ?? []));
  const sheet = postcss.parse(css);
  sheet.walkRules((rule) => keepNamed(rule, words));
  while (dropUnread(sheet, words) > 0);
  sheet.walkAtRules("keyframes", (rule) => used(sheet, /^animation/, rule.params) || rule.remove());
  sheet.walkComments((comment) => comment.remove());
  dropEmpty(sheet);
  return sheet.toString();
}

function keepNamed(rule, words) {
  if (rule.parent.type === "atrule" && rule.parent.name === "keyframes") return;
  const kept = rule.selectors.filter((selector) => classes(selector).every((name) => words.has(name)));
  if (kept.length === 0) rule.remove();
  else if (kept.length < rule.selectors.length) rule.selectors = kept;
}

/** The classes that a selector asks for; what it rules out by :not() it doesn't ask for. */
function classes(selector) {
  const asked = selector.replace(/:(not|is|where|has)\((?:[^()]|\([^()]*\))*\)/g, "");
  return [...asked.matchAll(/\.(-?[a-zA-Z_][\w-]*)/g)].map((match) => match[1]);
}

/** One round: a property that only a dropped one read goes in the next. */
function dropUnread(sheet, words) {
  const read = new Set();
  const collect = (text) => [...text.matchAll(/--[\w-]+/g)].forEach(([name]) => read.add(name));
  sheet.walkDecls((decl) => collect(decl.value));
  let dropped = 0;
  sheet.walkDecls(/^--/, (decl) => {
    if (read.has(decl.prop) || words.has(decl.prop)) return;
    decl.remove();
    dropped += 1;
  });
  dropEmpty(sheet);
  return dropped;
}

function used(sheet, property, name) {
  let found = false;
  sheet.walkDecls(property, (decl) => (found ||= new RegExp(`(^|[\\s,])${name}($|[\\s,])`).test(decl.value)));
  return found;
}

function dropEmpty(sheet) {
  sheet.walk((node) => {
    if ((node.type === "rule" || node.type === "atrule") && node.nodes?.length === 0) node.remove();
  });
  sheet.walkAtRules((rule) => rule.nodes?.length === 0 && rule.remove());
}
