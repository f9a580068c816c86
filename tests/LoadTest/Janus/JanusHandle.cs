using System.Text.Json;
using System.Text.Json.Nodes;

namespace Hype.LoadTest.Janus;

/// <param name="Data">The plugin's data.</param>
/// <param name="Sdp">The plugin's offer or answer, if there is one.</param>
internal readonly record struct PluginReply(JsonElement Data, string? Sdp);

/// <summary>A handle of a Janus session: one peer connection, attached to one plugin.</summary>
internal sealed class JanusHandle(JanusSession session, ulong id)
{
    /// <param name="body">The message to the plugin.</param>
    /// <param name="jsepType"><c>offer</c> or <c>answer</c>.</param>
    /// <param name="sdp">The SDP with all candidates: nothing is trickled.</param>
    /// <exception cref="JanusException">Janus or the plugin refused the message.</exception>
    public async Task<PluginReply> MessageAsync(JsonObject body, CancellationToken stop, string? jsepType = null, string? sdp = null)
    {
        var request = new JsonObject { ["janus"] = "message", ["handle_id"] = id, ["body"] = body };
        if (sdp is not null)
            request["jsep"] = new JsonObject { ["type"] = jsepType, ["sdp"] = sdp, ["trickle"] = false };
        var answer = await session.RequestAsync(request, stop);

        var data = answer.GetProperty("plugindata").GetProperty("data");
        if (data.TryGetProperty("error", out var error))
            throw new JanusException($"{error.GetString()} ({data.GetProperty("error_code").GetInt32()})");
        return new PluginReply(data, answer.TryGetProperty("jsep", out var jsep) ? jsep.GetProperty("sdp").GetString() : null);
    }
}
