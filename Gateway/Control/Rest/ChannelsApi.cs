using System.Globalization;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Hype.Gateway.Auth;
using Hype.Gateway.Cluster;
using Hype.Gateway.Control.Models;
using Hype.Gateway.Errors;
using Hype.Gateway.Limits;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Errors;
using Hype.Grains.Abstractions.Participants;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Hype.Gateway.Control.Rest;

/// <summary>Lists, creates, explains and watches channels.</summary>
internal static class ChannelsApi
{
    private const int DefaultPage = 100;
    private const int LargestPage = 1_000;

    /// <summary>The heartbeat of an event stream: a comment, which readers of events skip (HTML, 9.2.6).</summary>
    private const string KeepAlive = ": still here\n\n";

    public static void MapChannels(this IEndpointRouteBuilder api)
    {
        api.MapGet("/channels", ListAsync).RequireModeratorToRead();
        api.MapPost("/channels/{id}", CreateAsync).RequireModerator();
        api.MapGet("/channels/{id}", GetAsync).RequireModeratorToRead();
        api.MapDelete("/channels/{id}", CloseAsync).RequireModerator();
        api.MapPut("/channels/{id}/settings", SetAsync).RequireModerator();
        api.MapGet("/channels/{id}/explain", ExplainAsync).RequireModeratorToRead();
        api.MapGet("/channels/{id}/events", Watch).RequireModeratorToRead();
    }

    /// <summary>Lists the channels that the token may moderate, ordered by id, from the shards of the index.</summary>
    private static async Task<Results<Ok<ChannelListItem[]>, ProblemHttpResult>> ListAsync(
        GrainAccess grains,
        HttpContext context,
        IHostEnvironment environment,
        string after = "",
        string prefix = "",
        int limit = DefaultPage)
    {
        if (limit is < 1 or > LargestPage)
            return Problems.For(VoiceError.BadMessage, $"limit must be 1-{LargestPage}.");
        var token = context.User.AccessToken();
        var page = await ChannelPages.ReadAsync(grains, after, prefix, limit, MayModerate);
        return TypedResults.Ok(page.Select(ChannelListItem.From).ToArray());

        bool MayModerate(ChannelId channel) => environment.IsDevelopment() || token?.Allows(Grants.Moderate, channel) == true;
    }

    private static Task<Results<NoContent, ProblemHttpResult>> CreateAsync(
        string id, SettingsBody settings, GrainAccess grains, HttpContext context) =>
        ApplyAsync(id, settings, grains, context, (grain, read, stop) => grain.Create(read, stop));

    private static async Task<Results<Ok<ChannelDetails>, ProblemHttpResult>> GetAsync(string id, GrainAccess grains)
    {
        if (!ChannelId.TryParse(id, out var channel))
            return Problems.InvalidChannel(id);
        var snapshot = await grains.Ask(grains.Channel(channel).GetSnapshot());
        return snapshot.Exists ? TypedResults.Ok(ChannelDetails.From(snapshot)) : Problems.For(VoiceError.UnknownChannel);
    }

    private static Task<Results<NoContent, ProblemHttpResult>> CloseAsync(string id, GrainAccess grains, bool forget = false) =>
        ChannelCalls.DoAsync(id, grains, (grain, stop) => grain.Close(forget, stop));

    private static Task<Results<NoContent, ProblemHttpResult>> SetAsync(
        string id, SettingsBody settings, GrainAccess grains, HttpContext context) =>
        ApplyAsync(id, settings, grains, context, (grain, read, stop) => grain.UpdateSettings(read, stop));

    private static async Task<Results<NoContent, ProblemHttpResult>> ApplyAsync(
        string id,
        SettingsBody settings,
        GrainAccess grains,
        HttpContext context,
        Func<IChannelGrain, ChannelSettings, CancellationToken, Task<VoiceError>> apply)
    {
        var read = settings.Read();
        if (ChannelId.TryParse(id, out var channel)
            && !await MeshPermission.AllowsAsync(grains, channel, read, context.User.AccessToken()))
            return Problems.For(VoiceError.Forbidden, MeshPermission.Sentence);
        return await ChannelCalls.DoAsync(id, grains, (grain, stop) => apply(grain, read, stop));
    }

    private static async Task<Results<Ok<ExplanationDetails>, ProblemHttpResult>> ExplainAsync(string id, GrainAccess grains)
    {
        if (!ChannelId.TryParse(id, out var channel))
            return Problems.InvalidChannel(id);
        var explanation = await grains.Ask(grains.Channel(channel).Explain());
        return explanation.Snapshot.Exists
            ? TypedResults.Ok(ExplanationDetails.From(explanation))
            : Problems.For(VoiceError.UnknownChannel);
    }

    /// <summary>
    /// Streams a channel's events as server-sent events. A browser's EventSource that lost its connection repeats the request with the id
    /// of the last event that it received.
    /// </summary>
    private static Results<ServerSentEventsResult<NewsDetails>, ProblemHttpResult> Watch(
        string id,
        ChannelWatch watch,
        ClientLimits limits,
        HttpContext context,
        IHostApplicationLifetime lifetime,
        TimeProvider time,
        long? after = null,
        [FromHeader(Name = "Last-Event-ID")] long? lastEventId = null)
    {
        if (!ChannelId.TryParse(id, out var channel))
            return Problems.InvalidChannel(id);
        if (limits.Watch(context) is not { } lease)
            return Problems.For(VoiceError.TooManyRequests, ClientLimits.TooManyWatches);
        context.Response.RegisterForDispose(lease);
        // nginx would hold events back until its buffer is full.
        context.Response.Headers["X-Accel-Buffering"] = "no";
        return TypedResults.ServerSentEvents(
            EventsAsync(watch, channel, lastEventId ?? after, context, time, lifetime.ApplicationStopping));
    }

    private static async IAsyncEnumerable<SseItem<NewsDetails>> EventsAsync(
        ChannelWatch watch,
        ChannelId channel,
        long? after,
        HttpContext context,
        TimeProvider time,
        CancellationToken stopping,
        [EnumeratorCancellation] CancellationToken cancelled = default)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping, cancelled);
        // The headers are sent at once: a watcher with all events would otherwise wait for them until the next event.
        await context.Response.Body.FlushAsync(stop.Token);
        // The heartbeat is the only writer between events. It waits for a client that does not read, until the server aborts that client.
        var readings = watch.FollowAsync(channel, after, stop.Token)
            .WithHeartbeat(() => context.Response.WriteAsync(KeepAlive, CancellationToken.None), time, stop.Token);
        await foreach (var reading in readings)
        {
            foreach (var news in NewsDetails.From(reading))
                yield return new SseItem<NewsDetails>(news, news.Event) { EventId = news.Number.ToString(CultureInfo.InvariantCulture) };
        }
    }
}
