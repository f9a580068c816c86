using System.Text.Json;
using Hype.EndToEnd.Tests.Testing;
using Microsoft.Playwright;

namespace Hype.EndToEnd.Tests.Voice;

/// <summary>A page in which any number of participants can join; it drives <c>Pages/voice.js</c>.</summary>
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

    /// <summary>Loads or reloads the page. After a reload, the former participants are gone without having left their channels.</summary>
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

    /// <summary>Joins a participant, and returns it once the gateway has admitted it.</summary>
    /// <param name="invitation">The options of the join. If they have no token, the participant is a new guest.</param>
    public async Task<Participant> JoinAsync(Invitation invitation)
    {
        if (invitation.Token is null)
        {
            var guest = await _api.CreateGuestTokenAsync(invitation.Key, invitation.Channel, invitation.Identity);
            invitation = invitation with { Token = guest.Token };
        }

        var seat = await Page.EvaluateAsync<JsonElement>("invitation => voice.join(invitation)", invitation.ToArgument());
        return new Participant(this, invitation, seat.GetProperty("number").GetInt32(), seat.GetProperty("identity").GetString()!);
    }

    /// <summary>Returns the time on the clock of the page's AudioContext, in seconds.</summary>
    public Task<double> NowAsync() => Page.EvaluateAsync<double>("() => voice.now");

    /// <summary>Waits until a JavaScript condition is true in the page.</summary>
    /// <exception cref="AssertionException">
    /// The condition was not true within <paramref name="limit"/>; the message is the text that <paramref name="describe"/> returned.
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

/// <summary>The options of a join, which <c>voice.join</c> in <c>Pages/voice.js</c> receives.</summary>
internal sealed record Invitation
{
    /// <summary>The participant's name, which also identifies it within the page.</summary>
    public required string Key { get; init; }

    public required string Channel { get; init; }

    public string? Token { get; init; }

    /// <summary>The identity of a guest without a token; null: a new one.</summary>
    public string? Identity { get; init; }

    /// <summary>
    /// The frequency of the sine that the participant sends, in Hz. If it is null and <see cref="TimeCode"/> is false, it has no
    /// microphone.
    /// </summary>
    public int? Tone { get; init; }

    /// <summary>True if the participant sends the sweep of <c>SwitchGap/TimeCode.cs</c>.</summary>
    public bool TimeCode { get; init; }

    /// <summary>The talk mode of the SDK: <c>open</c>, <c>pushToTalk</c> or <c>voiceActivation</c>.</summary>
    public string TalkMode { get; init; } = "open";

    /// <summary>The time limit for a transport to connect; null: the SDK's default.</summary>
    public TimeSpan? ConnectTimeout { get; init; }

    /// <summary>True if the participant uses relayed candidates only (the SDK's option <c>relayOnly</c>).</summary>
    public bool RelayOnly { get; init; }

    public Dictionary<string, object> ToArgument()
    {
        var argument = new Dictionary<string, object>
        {
            ["key"] = Key,
            ["channel"] = Channel,
            ["token"] = Token!,
            ["timeCode"] = TimeCode,
            ["relayOnly"] = RelayOnly,
        };
        if (Tone is { } tone)
            argument["tone"] = tone;
        if (TalkMode != "open")
            argument["talk"] = new Dictionary<string, object> { ["mode"] = TalkMode };
        if (ConnectTimeout is { } limit)
            argument["connectTimeout"] = limit.TotalMilliseconds;
        return argument;
    }
}
