import { createFileRoute } from "@tanstack/react-router"

export const Route = createFileRoute("/admin/auctions")({
  component: RouteComponent,
})

function RouteComponent() {
  return <div>Hello "/admin/auctions"!</div>
}
