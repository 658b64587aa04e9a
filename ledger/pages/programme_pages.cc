// Programmes: all of them, and one with its projects, their money, and what groups judged of it.
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/base/wide.h"
#include "ledger/pages/evaluation_rows.h"
#include "ledger/pages/makers.h"
#include "ledger/pages/register_lines.h"
#include "ledger/pages/totals.h"
#include "ledger/query/evaluations.h"
#include "ledger/query/participation.h"
#include "ledger/query/project_money.h"
#include "ledger/query/registers.h"

namespace fundtrail::pages {
namespace {

// The ids of the projects that name the programme, in their order: `most` of them, and how many more there are.
struct ProjectsOfProgramme {
  std::vector<std::string> ids;
  std::uint64_t more = 0;
};
StatusOr<ProjectsOfProgramme> ProjectsIn(const Asking& asking, const std::string& programme,
                                         std::uint64_t most) {
  v1::RegistersRequest request;
  request.set_register_("project");
  SetAsOf(asking, &request);
  FT_ASSIGN_OR_RETURN(auto pages, query::Registers(asking.view, request, query::PagingOf(request)));
  ProjectsOfProgramme projects;
  while (!pages.over()) {
    FT_ASSIGN_OR_RETURN(const v1::RegistersAnswer answer, pages.Next());
    for (const v1::RegisterLine& line : answer.lines()) {
      const v1::ProposeProject& project = line.action().propose_project();
      if (project.programme() != programme) continue;
      if (projects.ids.size() < most) {
        projects.ids.push_back(project.id());
      } else {
        ++projects.more;
      }
    }
  }
  return projects;
}

std::vector<Column> ProjectColumns(const Asking& asking) {
  return {{asking.Words(Word::kProject)},
          {asking.Words(Word::kId), false, true},
          {asking.Words(Word::kState)},
          {asking.Words(Word::kAsset)},
          {asking.Words(Word::kBudget), true},
          {asking.Words(Word::kCame), true},
          {asking.Words(Word::kCommittedOfThat), true},
          {asking.Words(Word::kReachedNow), true},
          {asking.Words(Word::kEndsHereNow), true},
          {asking.Words(Word::kHeldNow), true},
          {asking.Words(Word::kReturnedNow), true},
          {asking.Words(Word::kTakenOut), true}};
}

// One row for each asset that ever was in it, and one for that of its budget.
Status AddProject(const Asking& asking, const std::string& id, Table* table) {
  v1::ProjectMoneyRequest request;
  request.set_project(id);
  SetAsOf(asking, &request);
  FT_ASSIGN_OR_RETURN(const v1::ProjectMoneyAnswer answer, query::ProjectMoney(asking.view, request));
  const v1::ProposeProject& project = answer.project().action().propose_project();
  const Cell name = {asking.Link(ProjectPath(id), Name(project.name())), project.name()};
  const auto budget = [&](const std::string& asset) {
    return project.budget() > 0 && project.asset() == asset
               ? MoneyCell(project.budget(), answer.project().decimals())
               : WordCell("–");
  };
  bool has_budget_asset = project.asset().empty();
  for (const v1::ProjectTotals& of : answer.totals()) {
    has_budget_asset = has_budget_asset || of.asset() == project.asset();
    const auto money = [&](Wide amount) {
      return of.beyond() ? WordCell(asking.Words(Word::kBeyond)) : MoneyCell(Capped(amount), of.decimals());
    };
    table->Add({name, NameCell(id), WordCell(asking.Value(answer.state())), WordCell(of.asset()),
                budget(of.asset()), money(Wide{of.minted()} + of.moved_in()), money(of.committed_in()),
                money(of.reached()), money(of.ended()), money(of.held()), money(of.with_sources()),
                money(Wide{of.taken_out()} + of.sent_back())});
  }
  if (!has_budget_asset || answer.totals().empty()) {
    const Cell none = WordCell("–");
    table->Add({name, NameCell(id), WordCell(asking.Value(answer.state())), WordCell(project.asset()),
                budget(project.asset()), none, none, none, none, none, none, none});
  }
  return absl::OkStatus();
}

}  // namespace

StatusOr<Content> ProgrammesPage(const Asking& asking) {
  FT_ASSIGN_OR_RETURN(const v1::RegistersAnswer answer, ManyItems(asking, "programme", false));
  Content content;
  content.title = asking.Words(Word::kProgrammes);
  content.has_csv = content.has_json = true;
  if (asking.wants_json()) {
    FT_ASSIGN_OR_RETURN(content.data, JsonText(asking, answer));
    return content;
  }
  Table table(asking.Words(Word::kProgrammesCaption), {{asking.Words(Word::kName)},
                                                       {asking.Words(Word::kId)},
                                                       {asking.Words(Word::kOwner)},
                                                       {asking.Words(Word::kSince)},
                                                       {asking.Words(Word::kUntil)},
                                                       {asking.Words(Word::kOpenedIn), true}});
  for (const v1::RegisterLine& line : answer.lines()) {
    const v1::OpenProgramme& programme = line.action().open_programme();
    table.Add({{asking.Link(ProgrammePath(programme.id()), Name(programme.name())), programme.name()},
               NameCell(programme.id()),
               {asking.Party(programme.owner(), ""), programme.owner()},
               WordCell(programme.from()),
               WordCell(programme.until()),
               NumberCell(line.opened())});
  }
  if (asking.wants_csv()) {
    content.data = TableInFile(asking, table, answer.next());
    return content;
  }
  content.body = asking.Paragraph(Word::kProgrammesLead) + TableOnPage(asking, table, answer.next());
  return content;
}

StatusOr<Content> ProgrammePage(const Asking& asking, const std::string& id) {
  FT_ASSIGN_OR_RETURN(const v1::RegisterLine line, OneItem(asking, "programme", id));
  const v1::OpenProgramme& programme = line.action().open_programme();
  Content content;
  content.title = programme.name();
  content.has_csv = content.has_json = true;
  v1::ParticipationRequest request;
  request.set_programme(id);
  SetAsOf(asking, &request);
  FT_ASSIGN_OR_RETURN(const v1::ParticipationAnswer answer, query::Participation(asking.view, request));
  if (asking.wants_json()) {
    FT_ASSIGN_OR_RETURN(content.data, JsonText(asking, answer));
    return content;
  }
  FT_ASSIGN_OR_RETURN(const ProjectsOfProgramme own, ProjectsIn(asking, id, MostRows(asking)));
  Table projects(asking.Words(Word::kProgrammeProjects), ProjectColumns(asking));
  for (const std::string& project : own.ids) {
    FT_RETURN_IF_ERROR(asking.view.GoOn());
    FT_RETURN_IF_ERROR(AddProject(asking, project, &projects));
  }
  if (asking.wants_csv()) {
    content.data = TableInFile(asking, projects);
    return content;
  }
  std::vector<AssetTotals> totals;
  for (const v1::AssetParticipation& of : answer.assets()) totals.push_back(TotalsOf(of));
  v1::EvaluationsRequest judged;
  judged.set_programme(id);
  judged.set_limit(MostRows(asking));
  SetAsOf(asking, &judged);
  FT_ASSIGN_OR_RETURN(const v1::EvaluationsAnswer evaluations,
                      AllPages(query::Evaluations(asking.view, judged, query::PagingOf(judged))));
  Html facts = asking.TextFact(Word::kId, programme.id());
  facts += asking.Fact(Word::kOwner, asking.Party(programme.owner(), ""));
  facts += asking.TextFact(Word::kSince, programme.from()) + asking.TextFact(Word::kUntil, programme.until());
  if (line.has_ended()) facts += asking.Fact(Word::kEnded, EndingShown(asking, line.ended()));
  const Html statement = asking.LinkIfThere(ProgrammePath(id) + "statement/", "", Word::kStatement);
  content.body = (statement.empty() ? statement : Element("p", {{"class", "doors"}}, statement)) +
                 Element("dl", facts) + TableOnPage(asking, TotalsTable(asking, totals)) +
                 TableOnPage(asking, projects, "", projects.size());
  if (own.more > 0) content.body += asking.Paragraph(Word::kMoreProjectsInFile, {Text(NumberText(own.more))});
  content.body += TableOnPage(asking, EvaluationTable(asking, evaluations));
  if (!evaluations.next().empty()) content.body += asking.Paragraph(Word::kListCut);
  content.body += AttestationsShown(asking, line);
  return content;
}

}  // namespace fundtrail::pages
