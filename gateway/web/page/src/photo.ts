// A photo made fit for the way: a JPEG of modest size. The box masks it; that is not done here.

const longestSide = 2048;
const most = 12 * 1024 * 1024;

export class NotAPhoto extends Error {}

/// What the browser can draw it makes small, which drops place and device as well. What it cannot
/// (an old browser, a strange file) goes as it is if it is a JPEG that the box would take.
export async function fitForTheWay(file: File): Promise<Blob> {
  const drawn = await redraw(file).catch(() => null);
  if (drawn !== null) return drawn;
  if (file.type === 'image/jpeg' && file.size <= most) return file;
  throw new NotAPhoto();
}

async function redraw(file: File): Promise<Blob | null> {
  const bitmap = await createImageBitmap(file);
  const scale = Math.min(1, longestSide / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(bitmap.width * scale);
  canvas.height = Math.round(bitmap.height * scale);
  canvas.getContext('2d')?.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  return new Promise((resolve) => canvas.toBlob(resolve, 'image/jpeg', 0.9));
}
