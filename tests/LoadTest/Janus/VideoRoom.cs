using System.Text.Json.Nodes;

namespace Hype.LoadTest.Janus;

/// <summary>
/// One audio-only room of Janus' videoroom plugin. A handle either publishes one stream or subscribes to the streams of other
/// participants.
/// </summary>
/// <param name="Id">The number by which Janus identifies the room.</param>
internal sealed record VideoRoom(ulong Id)
{
    public const string Plugin = "janus.plugin.videoroom";

    /// <summary>
    /// Creates a temporary room for opus and the given number of publishers; all other settings have the plugin's defaults.
    /// </summary>
    /// <param name="maxPublishers">The maximum number of publishers; Janus' default admits only three.</param>
    public Task CreateAsync(JanusHandle handle, int maxPublishers, CancellationToken stop) => handle.MessageAsync(
        new JsonObject
        {
            ["request"] = "create",
            ["room"] = Id,
            ["publishers"] = maxPublishers,
            ["audiocodec"] = "opus",
            ["permanent"] = false
        }, stop);

    public Task DestroyAsync(JanusHandle handle, CancellationToken stop) =>
        handle.MessageAsync(new JsonObject { ["request"] = "destroy", ["room"] = Id }, stop);

    /// <returns>The id of the feed, and Janus' answer.</returns>
    public async Task<(ulong Feed, string Answer)> PublishAsync(JanusHandle handle, string display, string offer, CancellationToken stop)
    {
        var body = new JsonObject { ["request"] = "joinandconfigure", ["ptype"] = "publisher", ["room"] = Id, ["display"] = display };
        var reply = await handle.MessageAsync(body, stop, "offer", offer);
        return (reply.Data.GetProperty("id").GetUInt64(), reply.Sdp ?? throw new JanusException("Janus did not answer the offer."));
    }

    /// <summary>
    /// Subscribes to all given feeds over one peer connection, with one m-line per feed. Janus sends later offers only on request.
    /// </summary>
    /// <returns>Janus' offer.</returns>
    public Task<string> SubscribeAsync(JanusHandle handle, IEnumerable<ulong> feeds, CancellationToken stop) => OfferedAsync(
        handle,
        new JsonObject
        {
            ["request"] = "join",
            ["ptype"] = "subscriber",
            ["room"] = Id,
            ["streams"] = Streams(feeds),
            ["autoupdate"] = false
        },
        stop);

    /// <summary>Adds feeds to the peer connection that <see cref="SubscribeAsync"/> has opened.</summary>
    /// <returns>Janus' offer.</returns>
    public Task<string> SubscribeMoreAsync(JanusHandle handle, IEnumerable<ulong> feeds, CancellationToken stop) =>
        OfferedAsync(handle, new JsonObject { ["request"] = "subscribe", ["streams"] = Streams(feeds) }, stop);

    /// <summary>Sends the client's SDP answer to an offer from Janus.</summary>
    public Task StartAsync(JanusHandle handle, string answer, CancellationToken stop) =>
        handle.MessageAsync(new JsonObject { ["request"] = "start", ["room"] = Id }, stop, "answer", answer);

    private static JsonArray Streams(IEnumerable<ulong> feeds) => new([.. feeds.Select(feed => new JsonObject { ["feed"] = feed })]);

    private static async Task<string> OfferedAsync(JanusHandle handle, JsonObject body, CancellationToken stop) =>
        (await handle.MessageAsync(body, stop)).Sdp ?? throw new JanusException("Janus did not offer the streams.");
}
