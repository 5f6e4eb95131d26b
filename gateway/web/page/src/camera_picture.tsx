// The picture with the storey ruler and the points that are dragged: by mouse, finger or arrow keys.

import { useLayoutEffect, useRef, useState } from 'preact/hooks';

import { useAsked } from './evidence_image';
import { planeOf, type Corners, type Point } from './homography';

export interface Handle {
  name: string;
  at: Point;
  /// In what it is drawn.
  kind: 'corner' | 'mask';
}

const touch = 24; // CSS px: half of what a finger needs
const ring = 9;
const margin = 0.06; // of the picture, around it and around corners that lie outside

/// What must be seen: the picture and every handle.
function frameOf(size: Point, handles: Handle[]): [x: number, y: number, w: number, h: number] {
  const xs = [0, size[0], ...handles.map((one) => one.at[0])];
  const ys = [0, size[1], ...handles.map((one) => one.at[1])];
  const pad = margin * Math.max(size[0], size[1]);
  const x = Math.min(...xs) - pad;
  const y = Math.min(...ys) - pad;
  return [x, y, Math.max(...xs) + pad - x, Math.max(...ys) + pad - y];
}

export function CameraPicture(props: {
  label: string;
  source: string;
  size: Point;
  corners: Corners | null;
  storeys: number;
  masks: readonly (readonly Point[])[];
  handles: Handle[];
  tell: (handle: Handle) => string;
  move: (index: number, to: Point) => void;
}) {
  const svg = useRef<SVGSVGElement>(null);
  const dragged = useRef<number | null>(null);
  const [frame, setFrame] = useState(() => frameOf(props.size, props.handles));
  const [scale, setScale] = useState(1);
  const asked = useAsked();
  const { handles, size } = props;
  const key = handles.length;

  // While a point is dragged the picture must not move under the finger.
  useLayoutEffect(() => {
    if (dragged.current === null) setFrame(frameOf(size, handles));
  }, [size, key, props.source]);
  useLayoutEffect(() => {
    const drawn = svg.current;
    if (drawn === null) return;
    const measure = (): void => setScale(frame[2] / Math.max(1, drawn.getBoundingClientRect().width));
    measure();
    const watch = new ResizeObserver(measure);
    watch.observe(drawn);
    return () => watch.disconnect();
  }, [frame]);

  const place = (event: PointerEvent): Point | null => {
    const box = svg.current?.getBoundingClientRect();
    if (box === undefined) return null;
    const at = (from: number, span: number, full: number, part: number): number =>
      Math.round((from + (part / full) * span) * 10) / 10;
    return [
      at(frame[0], frame[2], box.width, event.clientX - box.left),
      at(frame[1], frame[3], box.height, event.clientY - box.top),
    ];
  };
  const drop = (): void => {
    dragged.current = null;
    setFrame(frameOf(size, handles));
  };
  const step = (event: KeyboardEvent, index: number): void => {
    const far = event.shiftKey ? 10 : 1;
    const ways: Record<string, Point> = {
      ArrowLeft: [-far, 0],
      ArrowRight: [far, 0],
      ArrowUp: [0, -far],
      ArrowDown: [0, far],
    };
    const way = ways[event.key];
    const handle = handles[index];
    if (way === undefined || handle === undefined) return;
    event.preventDefault();
    props.move(index, [handle.at[0] + way[0], handle.at[1] + way[1]]);
  };

  return (
    <svg
      class="camera-picture"
      ref={svg}
      viewBox={frame.join(' ')}
      role="group"
      aria-label={props.label}
      onPointerMove={(event) => {
        const to = dragged.current === null ? null : place(event);
        if (to !== null && dragged.current !== null) props.move(dragged.current, to);
      }}
    >
      <image key={asked.key} {...asked.tells} href={props.source} width={size[0]} height={size[1]} />
      {props.masks.map((mask, n) => (
        <polygon key={n} class="camera-mask" points={mask.map((point) => point.join(',')).join(' ')} />
      ))}
      {props.corners === null ? null : <Ruler corners={props.corners} storeys={props.storeys} scale={scale} />}
      {handles.map((handle, index) => (
        <g
          key={index}
          class={`camera-handle camera-handle-${handle.kind}`}
          role="button"
          tabindex={0}
          aria-label={props.tell(handle)}
          transform={`translate(${handle.at[0]} ${handle.at[1]})`}
          onKeyDown={(event) => step(event, index)}
          onPointerDown={(event) => {
            event.preventDefault();
            dragged.current = index;
            event.currentTarget.focus();
            event.currentTarget.setPointerCapture(event.pointerId);
          }}
          onPointerUp={drop}
          onPointerCancel={drop}
        >
          <circle class="camera-touch" r={touch * scale} />
          <circle class="camera-ring" r={ring * scale} />
        </g>
      ))}
    </svg>
  );
}

function Ruler(props: { corners: Corners; storeys: number; scale: number }) {
  const plane = planeOf(props.corners);
  const outline = props.corners.map((point) => point.join(',')).join(' ');
  const step = props.storeys > 12 ? 5 : 1;
  if (plane === null) return <polygon class="camera-outline" points={outline} />;
  const levels = Array.from({ length: props.storeys + 1 }, (_, n) => n);
  return (
    <g class="camera-ruler" aria-hidden="true">
      <polygon class="camera-outline" points={outline} />
      {levels.map((n) => {
        const [x1, y1] = plane(0, n / props.storeys);
        const [x2, y2] = plane(1, n / props.storeys);
        const named = n > 0 && (n % step === 0 || n === props.storeys);
        return (
          <g key={n}>
            <line x1={x1} y1={y1} x2={x2} y2={y2} />
            {named ? (
              <text x={x2 + 6 * props.scale} y={y2} font-size={14 * props.scale}>
                {n}
              </text>
            ) : null}
          </g>
        );
      })}
    </g>
  );
}
