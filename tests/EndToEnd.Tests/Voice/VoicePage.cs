using System.Text.Json;
using Hype.EndToEnd.Tests.Testing;
using Microsoft.Playwright;

namespace Hype.EndToEnd.Tests.Voice;

/// <summary>A page with any number of participants; the counterpart of <c>Pages/voice.js</c>.</summary>
internal sealed class VoicePage
{
    private readonly GatewayApi _api;

    private VoicePage(IPage page, GatewayApi api)
    {
        Page = page;
        _api = api;
    }

    public IPage Page { get; }

    public static async Task<VoicePage> OpenAsync(IPage page, GatewayApi api)
    {
        var voice = new VoicePage(page, api);
        await voice.LoadAsync();
        return voice;
    }

    /// <summary>Loads the page (again): its participants vanish without a message, as after a reload.</summary>
    public async Task LoadAsync()
    {
        await Page.GotoAsync($"{_api.Url}e2e/voice.html");
        await Page.WaitForFunctionAsync("() => window.voice !== undefined");
        await Page.EvaluateAsync("() => voice.grantMicrophone()");
    }

    /// <summary>Joins a participant that sends a sine of <paramref name="tone"/> Hz.</summary>
    public Task<Participant> JoinSpeakerAsync(string name, string channel, int tone) =>
        JoinAsync(new Invitation { Key = name, Channel = channel, Tone = tone });

    /// <summary>Joins a participant without a microphone.</summary>
    public Task<Participant> JoinListenerAsync(string name, string channel) =>
        JoinAsync(new Invitation { Key = name, Channel = channel });

    /// <param name="invitation">Without a token, the participant is a new guest.</param>
    public async Task<Participant> JoinAsync(Invitation invitation)
    {
        if (invitation.Token is null)
        {
            var guest = await _api.CreateGuestTokenAsync(invitation.Key, invitation.Channel);
            invitation = invitation with { Token = guest.Token };
        }
        var seat = await Page.EvaluateAsync<JsonElement>("invitation => voice.join(invitation)", invitation.ToArgument());
        return new Participant(this, invitation, seat.GetProperty("number").GetInt32(), seat.GetProperty("identity").GetString()!);
    }

    /// <summary>The clock of the page's AudioContext, s.</summary>
    public Task<double> NowAsync() => Page.EvaluateAsync<double>("() => voice.now");

    /// <exception cref="AssertionException">
    /// The condition was not true within <paramref name="limit"/>; the message is that of <paramref name="describe"/>.
    /// </exception>
    public async Task WaitAsync(string condition, object argument, TimeSpan limit, Func<Task<string>> describe)
    {
        try
        {
            await Page.WaitForFunctionAsync(condition, argument, new PageWaitForFunctionOptions
            {
                Timeout = (float)limit.TotalMilliseconds,
                PollingInterval = 100,
            });
        }
        catch (TimeoutException)
        {
            throw new AssertionException($"{await describe()} (after {limit.TotalSeconds:0} s)");
        }
    }
}

/// <summary>The options of a join; the counterpart of <c>Invitation</c> in <c>Pages/voice.js</c>.</summary>
internal sealed record Invitation
{
    /// <summary>The name, by which the page also finds the participant.</summary>
    public required string Key { get; init; }

    public required string Channel { get; init; }

    public string? Token { get; init; }

    /// <summary>The tone to send in Hz; null: no microphone, unless <see cref="TimeCode"/>.</summary>
    public int? Tone { get; init; }

    /// <summary>Sends the sweep that <c>SwitchGap/TimeCode.cs</c> reads.</summary>
    public bool TimeCode { get; init; }

    /// <summary><c>open</c>, <c>pushToTalk</c> or <c>voiceActivation</c>.</summary>
    public string TalkMode { get; init; } = "open";

    /// <summary>The connect timeout of a transport; null: the SDK's default.</summary>
    public TimeSpan? ConnectTimeout { get; init; }

    /// <summary>Allows only relayed candidates, with the option <c>rtcConfiguration</c>.</summary>
    public bool RelayOnly { get; init; }

    public Dictionary<string, object> ToArgument()
    {
        var argument = new Dictionary<string,
            object>
        { ["key"] = Key, ["channel"] = Channel, ["token"] = Token!, ["timeCode"] = TimeCode, ["relayOnly"] = RelayOnly };
        if (Tone is { } tone)
            argument["tone"] = tone;
        if (TalkMode != "open")
            argument["talk"] = new Dictionary<string, object> { ["mode"] = TalkMode };
        if (ConnectTimeout is { } limit)
            argument["connectTimeout"] = limit.TotalMilliseconds;
        return argument;
    }
}
