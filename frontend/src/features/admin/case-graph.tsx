import { Trans, useLingui } from "@lingui/react/macro";
import { Title } from "@mantine/core";
import classes from "./case-graph.module.css";
import type { Case } from "./case-page";

const WIDTH = 640;
const HEIGHT = 360;
const EDGES_SHOWN = 8; // more of them are unfolded on request

/** Points on an ellipse, the first at the top. */
export function placesOf(count: number): { x: number; y: number }[] {
  return Array.from({ length: count }, (_, index) => {
    const angle = (index / Math.max(1, count)) * 2 * Math.PI - Math.PI / 2;
    return {
      x: WIDTH / 2 + Math.cos(angle) * (WIDTH / 2 - 90),
      y: HEIGHT / 2 + Math.sin(angle) * (HEIGHT / 2 - 40),
    };
  });
}

/** Who is linked with whom and by what: as a picture, and as sentences that say the same. */
export function CaseGraph({ graph }: { graph: Case["graph"] }) {
  const { t } = useLingui();
  if (graph.edges.length === 0) return null;
  const places = placesOf(graph.nodes.length);
  const at = new Map(graph.nodes.map((node, index) => [node.id, places[index]]));
  const names = new Map(graph.nodes.map((node) => [node.id, node.name]));
  return (
    <section>
      <Title order={2} size="h4" mb="xs">
        <Trans>Who is linked with whom</Trans>
      </Title>
      <svg className={classes.graph} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden>
        {graph.edges.map((edge) => {
          const start = at.get(edge.start);
          const end = at.get(edge.end);
          if (!start || !end) return null;
          return (
            <line
              key={`${edge.start} ${edge.end} ${edge.kind} ${edge.text}`}
              x1={start.x}
              y1={start.y}
              x2={end.x}
              y2={end.y}
              className={classes.edge}
              data-hard={edge.hard || undefined}
            />
          );
        })}
        {graph.nodes.map((node, index) => (
          <g key={node.id} transform={`translate(${places[index]?.x} ${places[index]?.y})`}>
            <circle r={10} className={classes.node} data-role={node.role ?? node.kind} />
            <text y={28} textAnchor="middle" className={classes.name}>
              {node.name.length > 24 ? `${node.name.slice(0, 23)}…` : node.name}
            </text>
          </g>
        ))}
      </svg>
      <details open={graph.edges.length <= EDGES_SHOWN}>
        <summary className={classes.summary}>
          <Trans>The same in words</Trans>
        </summary>
        <ul>
          {graph.edges.map((edge) => (
            <li key={`${edge.start} ${edge.end} ${edge.kind} ${edge.text}`}>
              {names.get(edge.start)} – {names.get(edge.end)}: {edge.text}
              {edge.hard && <strong> {t`(certain)`}</strong>}
            </li>
          ))}
        </ul>
      </details>
    </section>
  );
}
