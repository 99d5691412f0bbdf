import { run } from "../../data/commands";
import { t } from "../../models/words";
import { BusinessTreeElement } from "./business-tree";

/** `<department-tree>`: departments that can be dragged onto each other. By keyboard it is each one's own form. */
export class DepartmentTreeElement extends BusinessTreeElement {
  protected override atTheTop(): string {
    return t("Drop here to move to the top level");
  }

  protected override async move(id: string, parentId: string | null): Promise<void> {
    await run("department.change", { department_id: id, parent_id: parentId });
  }
}

customElements.define("department-tree", DepartmentTreeElement);
