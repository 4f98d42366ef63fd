// The fields of forms: what they hold, whether somebody has changed them, and what names a control for good.

/** @typedef {HTMLInputElement | HTMLSelectElement} Field */

/**
 * Tell whether an element is a field that a person fills in.
 * @param {Element | null} element
 * @returns {element is Field}
 */
function isField(element) {
  return element instanceof HTMLInputElement || element instanceof HTMLSelectElement;
}

/** @param {Field} field */
function isTicked(field) {
  return field instanceof HTMLInputElement && (field.type === "checkbox" || field.type === "radio");
}

/**
 * Return the fields of a step or a form that a person has filled in otherwise than they came.
 * @param {ParentNode} root
 * @returns {Field[]}
 */
export function changedFields(root) {
  return [...root.querySelectorAll("input[name]:not([type=hidden]), select[name]")].filter(isField).filter(isChanged);
}

/** @param {Field} field */
function isChanged(field) {
  if (field instanceof HTMLSelectElement) return [...field.options].some((one) => one.selected !== one.defaultSelected);
  return isTicked(field) ? field.checked !== field.defaultChecked : field.value !== field.defaultValue;
}

/**
 * Fill a field in as another one is.
 * @param {Element | undefined} field
 * @param {Field} as
 */
export function fillAs(field, as) {
  if (!field || !isField(field) || field.type !== as.type) return;
  if (field instanceof HTMLInputElement && as instanceof HTMLInputElement && isTicked(field)) field.checked = as.checked;
  else field.value = as.value;
}

/**
 * Return what a form holds: several boxes of one name are a list, a single one is true or false.
 * @param {HTMLFormElement} form
 * @returns {Record<string, unknown>}
 */
export function fieldsOf(form) {
  /** @type {Record<string, unknown>} */
  const fields = {};
  for (const field of form.elements) {
    if (!isField(field) || !field.name || field.disabled) continue;
    if (field instanceof HTMLInputElement && field.type === "checkbox") {
      const all = [...form.querySelectorAll(`[name="${field.name}"]`)].filter((one) => one instanceof HTMLInputElement);
      fields[field.name] =
        all.length > 1 ? all.filter((one) => one.checked).map((one) => one.value) : field.checked;
    } else if (!isTicked(field) || (field instanceof HTMLInputElement && field.checked)) fields[field.name] = field.value;
  }
  return fields;
}

/**
 * Tell whether a control waits until what is under way has ended. It is not disabled: that would take the focus away.
 * @param {HTMLElement | null} control
 */
export function isWaiting(control) {
  return control?.getAttribute("aria-disabled") === "true";
}

/**
 * Return what names a control within its step, however often that is drawn anew.
 * @param {HTMLElement} control
 */
export function nameOf(control) {
  const form = control.closest("form");
  const key = form?.querySelector("[name=key], [name=number], [name=run]");
  const field = isField(control) ? [control.name, control.type, isTicked(control) ? control.value : ""] : [];
  const text = control.tagName === "A" || control.tagName === "SUMMARY" ? control.textContent : "";
  const data = Object.entries(control.dataset).flat();
  const where = [form?.dataset.do ?? "", key && isField(key) ? key.value : ""];
  return JSON.stringify([control.tagName, field, where, data, text]);
}

/**
 * Return the control of a name within a step.
 * @param {ParentNode} root
 * @param {string} name
 * @returns {HTMLElement | undefined}
 */
export function controlOf(root, name) {
  const all = root.querySelectorAll("input, select, button, a, summary, h2, [tabindex]");
  return [...all].filter((one) => one instanceof HTMLElement).find((one) => nameOf(one) === name);
}
