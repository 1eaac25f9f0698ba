import { createFileRoute, notFound } from "@tanstack/react-router";
import { SellerPage } from "@/features/auctions/seller-page";
import { userQuery } from "@/features/auctions/user-query";
import { ReportButton } from "@/features/reports/report-button";

export const Route = createFileRoute("/users/$userId")({
  beforeLoad: ({ params }) => {
    if (!/^[1-9]\d{0,15}$/.test(params.userId)) throw notFound();
  },
  loader: ({ context: { queryClient }, params }) => {
    void queryClient.prefetchQuery(userQuery(Number(params.userId)));
  },
  component: function Seller() {
    const id = Number(Route.useParams().userId);
    const target = { kind: "user" as const, id, path: `/users/${id}` };
    return <SellerPage key={id} userId={id} actions={<ReportButton target={target} />} />;
  },
});
