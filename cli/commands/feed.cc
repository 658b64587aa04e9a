// feed
#include <memory>
#include <string>

#include "CLI/CLI.hpp"
#include "cli/context.h"
#include "ledger/folder/folder.h"
#include "ledger/pages/atom.h"
#include "ledger/query/news.h"
#include "ledger/query/view.h"

namespace fundtrail::cli {
namespace {

StatusOr<Exit> RunFeed(const Context& context, const query::NewsFilter& filter) {
  if (context.json)
    return absl::InvalidArgumentError("a feed is XML: leave --json out, or ask watch for JSON");
  if (!context.server.empty()) {
    return absl::InvalidArgumentError(
        "a feed is made from the ledger's folder: give --ledger DIR, or `fundtrail clone` the server. A "
        "server's HTTP address has all in feed/atom.xml, and a choice in "
        "feed/atom.xml?kind=verdict");
  }
  FT_ASSIGN_OR_RETURN(const std::string ledger, LedgerDir(context));
  FT_ASSIGN_OR_RETURN(const auto rows, folder::OpenFolderToRead(ledger));
  FT_ASSIGN_OR_RETURN(const auto view, query::MakeView(*rows));
  FT_ASSIGN_OR_RETURN(const std::string xml, pages::FilteredFeed(view, filter));
  PrintData(xml);
  return Exit::kYes;
}

}  // namespace

void AddFeedCommand(CLI::App* app, Context* context) {
  auto* feed = app->add_subcommand(
      "feed",
      "Prints an Atom feed of notices, calls, verdicts, concerns, projects and needs, for a feed reader");
  auto filter = std::make_shared<query::NewsFilter>();
  auto* kind = feed->add_option(
      "--kind", filter->kinds,
      "Only this kind: notice, call, verdict, concern, project or need. May be given several times");
  kind->expected(1);
  kind->take_all();
  feed->add_option("--party", *filter->of.mutable_party(),
                   "Only records with this party, as author or in an action");
  feed->add_option("--fund", *filter->of.mutable_fund(), "Only records that name this fund");
  feed->add_option("--project", *filter->of.mutable_project(), "Only records that name this project");
  feed->add_option("--place", *filter->of.mutable_place(), "Only records that name this place");
  feed->footer("Example: fundtrail --ledger demo feed --kind verdict > public/feed/verdicts.xml");
  OnRun(feed, context, [=] { return RunFeed(*context, *filter); });
}

}  // namespace fundtrail::cli
