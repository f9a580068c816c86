// @ts-check
// The token stays in this tab only: closing the tab signs out.

const TOKEN = 'hype.admin.token';

/** @returns {string | null} */
export const storedToken = () => sessionStorage.getItem(TOKEN);

/** @param {string | null} token */
export function storeToken(token) {
  if (token) {
    sessionStorage.setItem(TOKEN, token);
  } else {
    sessionStorage.removeItem(TOKEN);
  }
}

/**
 * Reads the claims of a token, to show them; the gateway verifies them.
 * @param {string} token
 * @returns {{ name: string, expires: Date } | null} null: the text is not a token
 */
export function describeToken(token) {
  try {
    const payload = token.split('.')[1].replaceAll('-', '+').replaceAll('_', '/');
    const bytes = Uint8Array.from(atob(payload), (character) => character.charCodeAt(0));
    const claims = JSON.parse(new TextDecoder().decode(bytes));
    return { name: String(claims.name ?? claims.sub), expires: new Date(claims.exp * 1000) };
  } catch {
    return null;
  }
}
