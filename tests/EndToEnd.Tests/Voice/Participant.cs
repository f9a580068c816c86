using System.Text.Json;
using System.Text.Json.Nodes;

namespace Hype.EndToEnd.Tests.Voice;

/// <summary>One participant of a channel, run by the SDK in a <see cref="VoicePage"/>.</summary>
internal sealed class Participant(VoicePage page, Invitation invitation, int number, string identity)
{
    /// <summary>The time limit for hearing: a transport, a jitter buffer and a spectrum's window, on two busy cores.</summary>
    private static readonly TimeSpan HearingLimit = TimeSpan.FromSeconds(20);

    /// <summary>The time limit for a change of mode, including the switch timeout of 5 s.</summary>
    private static readonly TimeSpan SwitchLimit = TimeSpan.FromSeconds(30);

    public string Name => invitation.Key;

    public int Number => number;

    public string Identity => identity;

    public string Token => invitation.Token!;

    /// <summary>The tone of the participant in Hz; null: it has no microphone.</summary>
    public int? Tone => invitation.Tone;

    /// <summary>
    /// Waits until exactly these participants are heard here, by their tones, and no other of <paramref name="everyone"/>.
    /// </summary>
    public Task HearsExactlyAsync(IEnumerable<Participant> these, IEnumerable<Participant> everyone)
    {
        int[] wanted = [.. these.Select(other => other.Tone!.Value)];
        int[] all = [.. everyone.Where(other => other.Tone is not null).Select(other => other.Tone!.Value)];
        return page.WaitAsync(
            "([key, wanted, all]) => voice.hearsExactly(key, wanted, all)",
            new object[] { Name, wanted, all },
            HearingLimit,
            async () => $"{Name} should hear [{string.Join(", ", wanted)}] Hz and nothing else: {await DescribeAsync(all)}");
    }

    /// <summary>Waits until a tone is heard here that a sender outside the test's pages sends.</summary>
    public Task HearsToneAsync(int tone) =>
        page.WaitAsync(
            "([key, tone]) => voice.hearsExactly(key, [tone], [tone])",
            new object[] { Name, tone },
            HearingLimit,
            async () => $"{Name} should hear {tone} Hz: {await DescribeAsync([tone])}");

    /// <summary>Waits until this layout plays here and no other is being built.</summary>
    public Task PlaysAsync(string mode) =>
        page.WaitAsync(
            "([key, mode]) => voice.plays(key, mode)",
            new object[] { Name, mode },
            SwitchLimit,
            async () => $"{Name} should play {mode}: {await DescribeAsync([])}");

    /// <summary>Waits until the SDK has emitted <paramref name="eventName"/> at least <paramref name="count"/> times.</summary>
    public Task ReceivesAsync(string eventName, int count = 1) =>
        page.WaitAsync(
            "([key, name, count]) => voice.received(key, name, count)",
            new object[] { Name, eventName, count },
            SwitchLimit,
            async () => $"{Name} should receive '{eventName}' {count} times: {await DescribeAsync([])}");

    /// <summary>The emitted events in order: <c>name</c>, <c>at</c> (s, the context's clock), <c>detail</c>.</summary>
    public async Task<IReadOnlyList<JsonElement>> EventsAsync(string eventName)
    {
        var events = await page.Page.EvaluateAsync<JsonElement>("key => voice.events(key)", Name);
        return [.. events.EnumerateArray().Where(each => each.GetProperty("name").GetString() == eventName)];
    }

    /// <summary>The loudness of <paramref name="other"/> here, dB, once it no longer changes.</summary>
    public Task<double> LoudnessAsync(Participant other) =>
        page.Page.EvaluateAsync<double>("([key, tone]) => voice.settledLoudness(key, tone)", new object[] { Name, other.Tone! });

    /// <summary>Waits until <paramref name="other"/> is heard here as loud as this, within 1 dB.</summary>
    public Task HearsAtAsync(Participant other, double decibels) =>
        page.WaitAsync(
            "([key, tone, decibels]) => Math.abs(voice.loudness(key, tone) - decibels) < 1",
            new object[] { Name, other.Tone!, decibels },
            HearingLimit,
            async () => $"{Name} should hear {other.Name} at {decibels:0.0} dB, not at {await LoudnessAsync(other):0.0} dB");

    /// <summary>Sets the amplitude of the own tone; it starts at 0.1.</summary>
    public Task SpeakAtAsync(double amplitude) =>
        page.Page.EvaluateAsync("([key, amplitude]) => voice.setLoudness(key, amplitude)", new object[] { Name, amplitude });

    /// <summary>Moderates <paramref name="other"/>: <c>mute</c>, <c>unmute</c>, <c>kick</c>.</summary>
    public Task ModerateAsync(string action, Participant other) => CallAsync($"moderate.{action}", other.Number);

    /// <summary>Moves a participant to another channel.</summary>
    public Task MoveAsync(int other, string channel) => CallAsync("moderate.move", other, channel);

    /// <summary>Sets the volume of <paramref name="other"/> for this listener; 1 is as loud as sent.</summary>
    public Task SetVolumeAsync(Participant other, double volume) => CallAsync("volumes.set", other.Number, volume);

    /// <summary>Silences <paramref name="other"/> for this listener.</summary>
    public Task SilenceAsync(Participant other, bool silenced) => CallAsync("volumes.silence", other.Number, silenced);

    /// <summary>Presses the key of push-to-talk.</summary>
    public Task PressAsync() => CallAsync("talk.press");

    public Task ReleaseAsync() => CallAsync("talk.release");

    /// <summary>The present number: a move changes it.</summary>
    public Task<int> NumberNowAsync() => page.Page.EvaluateAsync<int>("key => voice.number(key)", Name);

    /// <summary>The connection report: <c>report</c> and <c>text</c>.</summary>
    public Task<JsonElement> ReportAsync() => page.Page.EvaluateAsync<JsonElement>("key => voice.report(key)", Name);

    public Task MuteAsync(bool muted) => CallAsync("mute", muted);

    public Task DeafenAsync(bool deafened) => CallAsync("deafen", deafened);

    /// <summary>Requests a fault from the server: <c>dropSocket</c>, <c>switchMode</c>, <c>moveRoom</c>.</summary>
    public Task SimulateAsync(string fault) => CallAsync("simulate", fault);

    public Task LeaveAsync() => page.Page.EvaluateAsync("key => voice.leave(key)", Name);

    /// <summary>The mode of each open connection.</summary>
    public Task<string[]> ModesOfConnectionsAsync() => page.Page.EvaluateAsync<string[]>("key => voice.modesOfConnections(key)", Name);

    /// <summary>Waits until the connections of all other modes are closed: after a switch the old ones stay open for a while.</summary>
    public Task HasOnlyConnectionsOfAsync(string mode) =>
        page.WaitAsync(
            "([key, mode]) => voice.modesOfConnections(key).every((each) => each === mode)",
            new object[] { Name, mode },
            HearingLimit,
            async () => $"{Name} should have connections of {mode} only, not {string.Join(", ", await ModesOfConnectionsAsync())}");

    /// <summary>The candidate types of each connection's selected pair: <c>host-host</c>, <c>relay-relay</c>.</summary>
    public Task<string[]> SelectedPairsAsync() => page.Page.EvaluateAsync<string[]>("key => voice.selectedPairs(key)", Name);

    /// <summary>The audio packets received on the open connections.</summary>
    public Task<long> PacketsReceivedAsync() => page.Page.EvaluateAsync<long>("key => voice.packetsReceived(key)", Name);

    /// <summary>The TURN username of each connection.</summary>
    public Task<string[]> AccessOfConnectionsAsync() => page.Page.EvaluateAsync<string[]>("key => voice.accessOfConnections(key)", Name);

    /// <summary>Waits until the roster here has exactly these names; <c>Bob (away)</c> has lost its socket.</summary>
    public Task SeesAsync(params string[] people) =>
        page.WaitAsync(
            "([key, people]) => JSON.stringify(voice.roster(key).sort()) === people",
            new object[] { Name, JsonSerializer.Serialize(people.Order(StringComparer.Ordinal)) },
            SwitchLimit,
            async () => $"{Name} should see [{string.Join(", ", people)}]: {await DescribeAsync([])}");

    /// <summary>Waits until the SDK here reports that <paramref name="name"/> speaks.</summary>
    public Task NoticesAsync(string name) =>
        page.WaitAsync(
            "([key, name]) => voice.speaking(key).includes(name)",
            new object[] { Name, name },
            HearingLimit,
            async () => $"{Name} should notice that {name} speaks: {await DescribeAsync([])}");

    /// <summary>Marks the open connections, for <see cref="HasOnlyMarkedConnectionsAsync"/>.</summary>
    public Task MarkConnectionsAsync() => page.Page.EvaluateAsync("key => voice.markConnections(key)", Name);

    public Task<bool> HasOnlyMarkedConnectionsAsync() => page.Page.EvaluateAsync<bool>("key => voice.hasOnlyMarkedConnections(key)", Name);

    /// <summary>Starts to record this participant's output.</summary>
    public Task RecordAsync() => page.Page.EvaluateAsync("key => voice.record(key)", Name);

    public async Task<Recording> StopRecordingAsync()
    {
        var taken = await page.Page.EvaluateAsync<JsonElement>("key => voice.recording(key)", Name);
        return Recording.FromBase64(
            taken.GetProperty("samples").GetString()!,
            (int)taken.GetProperty("sampleRate").GetDouble(),
            taken.GetProperty("startedAt").GetDouble());
    }

    /// <summary>The complete state of this participant, for the message of a failure.</summary>
    public async Task<string> DescribeAsync(int[] tones)
    {
        var state = await page.Page.EvaluateAsync<JsonElement>("([key, all]) => voice.describe(key, all)", new object[] { Name, tones });
        return JsonNode.Parse(state.GetRawText())!.ToJsonString(new JsonSerializerOptions { WriteIndented = true });
    }

    private Task CallAsync(string path, params object[] arguments) =>
        page.Page.EvaluateAsync("([key, path, ...rest]) => voice.call(key, path, ...rest)", (object[])[Name, path, .. arguments]);
}
