// Which files the box takes as a document.

/// Bytes; the box refuses more.
export const longestDocument = 8 * 1024 * 1024;
export const documentTypes = ['application/pdf', 'image/jpeg', 'image/png'];
