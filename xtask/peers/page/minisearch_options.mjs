// How MiniSearch is set up, the same for the build and for the page.

export const OPTIONS = {
  fields: ["title", "description", "body"],
  storeFields: ["title", "description", "url"],
};
