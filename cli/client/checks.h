// What a client can check of an answer by itself. A server, which could be anybody's, may answer anything: numbers that
// do not add up are told, and not shown. Each is DATA_LOSS. checks/ has a file a subject.
#pragma once

#include "fundtrail/v1/answers.pb.h"
#include "fundtrail/v1/balance.pb.h"
#include "fundtrail/v1/coverage.pb.h"
#include "fundtrail/v1/duties.pb.h"
#include "fundtrail/v1/fragmentation.pb.h"
#include "fundtrail/v1/groups.pb.h"
#include "fundtrail/v1/idle.pb.h"
#include "fundtrail/v1/keys.pb.h"
#include "fundtrail/v1/match.pb.h"
#include "fundtrail/v1/needs.pb.h"
#include "fundtrail/v1/pledges.pb.h"
#include "fundtrail/v1/policies.pb.h"
#include "fundtrail/v1/project.pb.h"
#include "fundtrail/v1/publicity.pb.h"
#include "fundtrail/v1/registers.pb.h"
#include "fundtrail/v1/search.pb.h"
#include "fundtrail/v1/series.pb.h"
#include "fundtrail/v1/standing.pb.h"
#include "fundtrail/v1/statement.pb.h"
#include "fundtrail/v1/summary.pb.h"
#include "fundtrail/v1/top.pb.h"
#include "fundtrail/v1/trace.pb.h"
#include "fundtrail/v1/transfers.pb.h"
#include "ledger/base/status.h"

namespace fundtrail::cli {

// In each answer, that no more is committed than there is.
//
// That each line's `held` is what it received less what it paid.
Status CheckAnswer(const v1::BalanceAnswer& answer);
// That each statement's lines lead from what was held before to what is held after, and have its totals.
Status CheckAnswer(const v1::StatementAnswer& answer);
// That a trace goes the way that was asked for, and tiles: of each asset the ends are what was asked, each sum is that of the ends of its kind, and in the tree
// each node's ends, children and what was cut are its own amount. That there are layers where they were asked for, one for each
// hop; that at each hop, and for each account in it, what came is what ends and what goes on; and that layers with nothing beyond
// have the flows and the ends of the trace, and others no more.
Status CheckAnswer(const v1::TraceAnswer& answer, const v1::TraceRequest& request);
// That each line is of the register that was asked about and the answer as of the record, that no item of a tree stands more
// than one level below the one before it, and that what was said about an item is about that one.
Status CheckAnswer(const v1::RegistersAnswer& answer, const v1::RegistersRequest& request);

// That the answer is as of the record that was asked about; that each key is one that was asked for, granted by then, and
// stands behind those before it; and that a root key has no permissions of its own.
Status CheckAnswer(const v1::KeyAnswer& answer, const v1::KeysRequest& request);

// That the answer is of the project, the record and the day that were asked about, that what came in is what lies somewhere and
// what went out, and that the accounts that are shown hold what is held. That each target has one result, with the ratio that
// follows from it.
Status CheckAnswer(const v1::ProjectMoneyAnswer& answer, const v1::ProjectMoneyRequest& request);
// That the answer is of the record, day and asset that were asked about, that placed + elsewhere + general is what was brought
// in, less what came back, and what was exchanged. That each line's gap, excess, ratio and state follow from its sums (what stands
// in no cell has no state), and that the lines of the first level add up to the total when all of them were asked for.
Status CheckAnswer(const v1::CoverageAnswer& answer, const v1::CoverageRequest& request);

// That the answer is of the place, the category, the record and the day that were asked about. That each line is a duty that has
// not ended and whose period has the day, stands there once, and says a record where the party answered; and that the verdict
// follows from the parties that accepted a LEAD.
Status CheckAnswer(const v1::WhoAnswersAnswer& answer, const v1::WhoAnswersRequest& request);

// That the answer is of the record, the day and the number of days that were asked about; that each line is a deployment that goes
// on and is quiet for longer; and that no more are shown than are in force with a project.
Status CheckAnswer(const v1::IdleTeamsAnswer& answer, const v1::IdleTeamsRequest& request);
// That the answer is of the place, the category, the asset, the record and the day that were asked about, with one line for each
// kind. That a line counts its parts, the most money first, and that funds and implementers each have all the money that is
// placed. That their effective number and largest share follow from it, where all parts are shown.
Status CheckAnswer(const v1::FragmentationAnswer& answer, const v1::FragmentationRequest& request);

// That the answer is of the record and the day that were asked about. That each need stands there once, is one that was asked for,
// and behind those that are more severe; and that what is open, and its state, follow from what is asked and what came, where
// that is known. Where all needs are there in one answer, that the counts are theirs. `whole`: it is no page among others.
Status CheckAnswer(const v1::NeedsAnswer& answer, const v1::NeedsRequest& request, bool whole);
// That the pledges are those that were asked for, each once and by id, and what is left and kept follows from the sums.
Status CheckAnswer(const v1::PledgesAnswer& answer, const v1::PledgesRequest& request);

// That the answer is of the group, the record and the day that were asked about. That each seat is one of the group and stands
// there once, and that its attendance follows from its acts. That members, vacancies, how many must sign and whether the group can
// act follow from the group and its seats.
Status CheckAnswer(const v1::GroupAnswer& answer, const v1::GroupRequest& request);
// That the answer is of the level, the kind, the record and the day that were asked about, that each place stands there once, by
// id, with a need, and that no more are shown than have a need and no group; where all are asked for in one answer (`whole`), that
// it is so many.
Status CheckAnswer(const v1::MissingGroupsAnswer& answer, const v1::MissingGroupsRequest& request,
                   bool whole);
// That the answer is of the subject, the record and the day that were asked about; that the verdict is the strictest of its lines,
// and that only what is suspended or withdrawn is frozen.
Status CheckAnswer(const v1::StandingAnswer& answer, const v1::StandingRequest& request);
// That the answer is of the record and the day that were asked about; that each evaluation was asked for, and stands behind those
// with a lower id; and that none says that it stands and is annulled.
Status CheckAnswer(const v1::EvaluationsAnswer& answer, const v1::EvaluationsRequest& request);
// That the answer is of the scope and the record that were asked about; that the kinds of sources add up to all of them, and
// their shares to the whole.
Status CheckAnswer(const v1::ParticipationAnswer& answer, const v1::ParticipationRequest& request);
// That the answer is of the asset, the method, the record and the day that were asked about. That the parts of each need and of each
// pledge are what is matched of it, that no more is than it lacks or has, and that the sums are theirs. That each need that lacks
// something stands in one set; that the sums of a set are those of its needs and pledges; that all of its pledges is matched with
// its needs, and no other pledge serves one of them. Which pledges are for a need the client does not know.
Status CheckAnswer(const v1::MatchAnswer& answer, const v1::MatchRequest& request);
// That the answer is of the record, the day, the days, the place and the category that were asked about. That each place stands there
// once, and is silent when its need and its calls say so; that the places add up to what is said of all. That each notice stood on
// one of the days, and is complete when its days say so.
Status CheckAnswer(const v1::PublicityAnswer& answer, const v1::PublicityRequest& request);
// That the answer is of the record, the day, the place and the category that were asked about. That each call is one and in force,
// each need open, and the gap of each project what is missing of its budget.
Status CheckAnswer(const v1::OpenAnswer& answer, const v1::OpenRequest& request);

// Each of the next three may be a page among others. That it is of the record and the day that were asked about, and in order.
// That each line is a policy in force, and shows all who answer, with a record where one answered.
Status CheckAnswer(const v1::PoliciesAnswer& answer, const v1::PoliciesRequest& request);
// That each pair is of the kind that was asked for, and that its degree follows from how far both reach, and together.
Status CheckAnswer(const v1::PolicyPairsAnswer& answer, const v1::PolicyPairsRequest& request);
// That each gap has needs, and that no more are left out than there are.
Status CheckAnswer(const v1::PolicyGapsAnswer& answer, const v1::PolicyGapsRequest& request);

// That the answer is of the record and the day that were asked about; that each payment has a status that was asked for, which
// follows from what was said of it, and stands behind those before it; that no more arrived than was paid. Where all payments are
// there in one answer, that the counts are theirs. `whole`: it is no page among others.
Status CheckAnswer(const v1::AcknowledgementsAnswer& answer, const v1::AcknowledgementsRequest& request,
                   bool whole);
// That the answer is of the record and the day that were asked about; that each concern has a state that was asked for, and stands
// behind those before it. Where all concerns are there in one answer, that the counts are theirs.
Status CheckAnswer(const v1::ConcernsAnswer& answer, const v1::ConcernsRequest& request, bool whole);
// That the answer is of the sample and the record that were asked about; that the rank of each member follows from the seed, and that
// they stand in the order of their ranks, as many as are needed.
Status CheckAnswer(const v1::SampleAnswer& answer, const v1::SampleRequest& request);

// Of each of the next four, that its sums add up by themselves: before + brought_in + received = paid + held + reached +
// ends_here + returned, and of ages that they are what is held.
//
// That the answer is of the record that was asked about. That of each asset all that was brought in lies somewhere; that donors and
// recipients stand in their order, and are no more than there are. Where all of them are shown, that they have all of it. That the
// newest transfers stand in their order.
Status CheckAnswer(const v1::SummaryAnswer& answer, const v1::SummaryRequest& request);
// That the answer is of the record, the asset and the role that were asked about, that the bodies stand in the order that was asked
// for, and that what lies with each lies there by its role. That no more are shown than were asked for. Where all bodies are there in
// one answer, that the totals are theirs. `whole`: it is no page among others.
Status CheckAnswer(const v1::TopAnswer& answer, const v1::TopRequest& request, bool whole);
// That the answer is of the record, the party, the fund and the asset that were asked about; that periods stand in their order,
// within the days that were asked for, and each begins with what the one before ended with.
Status CheckAnswer(const v1::SeriesAnswer& answer, const v1::SeriesRequest& request);
// That the answer is of the record, the day, the party, the fund and the asset that were asked about, and in the order that was
// asked for. That ages add up to what is held, and fit the oldest and the newest day. Where all lines are there in one answer, that
// the totals are theirs.
Status CheckAnswer(const v1::IdleAnswer& answer, const v1::IdleRequest& request, bool whole);
// That the answer is of the record that was asked about; that each hit is of a kind that was asked for, stands there once and in its
// order, and has all words of the text in one of its own; and that an exact one is exact. Where all hits are there in one answer,
// that the counts are theirs, and the kinds of parties those of the parties. That nothing was left out, the client cannot know.
Status CheckAnswer(const v1::SearchAnswer& answer, const v1::SearchRequest& request, bool whole);
// That no value is counted twice, or more values than were asked for; that no count is of more transfers than fit, and that kinds and
// years add up to all that fit. That nothing was left out, the client cannot know. Nothing counted is well.
Status CheckAnswer(const v1::ListFacets& facets, const v1::ListRequest& request);

// That no text of an answer has control characters, which no ledger takes: nothing honest has them. Signed notes have
// line feeds.
Status CheckTexts(const google::protobuf::Message& answer);

}  // namespace fundtrail::cli
