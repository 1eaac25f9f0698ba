import { createFileRoute } from "@tanstack/react-router";
import { FiguresPage } from "@/features/admin/figures-page";

export const Route = createFileRoute("/admin/figures")({ component: FiguresPage });
