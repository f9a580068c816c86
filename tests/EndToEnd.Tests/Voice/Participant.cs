using System.Text.Json;
using System.Text.Json.Nodes;

namespace Hype.EndToEnd.Tests.Voice;

/// <summary>
/// A participant of a channel, which the SDK runs in a <see cref="VoicePage"/>. The methods act as this participant, or wait until it
/// hears or shows something.
/// </summary>
internal sealed class Participant(VoicePage page, Invitation invitation, int number, string identity)
{
    /// <summary>
    /// The time limit for hearing a tone: it covers the connection, the jitter buffer and the detector's window on two busy cores.
    /// </summary>
    private static readonly TimeSpan HearingLimit = TimeSpan.FromSeconds(20);

    /// <summary>The time limit for a change of mode or roster; it covers the switch timeout of 5 s.</summary>
    private static readonly TimeSpan SwitchLimit = TimeSpan.FromSeconds(30);

    public string Name => invitation.Key;

    public int Number => number;

    public string Identity => identity;

    public string Token => invitation.Token!;

    /// <summary>The frequency of the sine that this participant sends, in Hz; null if it has no microphone.</summary>
    public int? Tone => invitation.Tone;

    /// <summary>
    /// Waits until this participant hears the tones of all of <paramref name="these"/>, and of no other participant in <paramref
    /// name="everyone"/>.
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

    /// <summary>Waits until this participant hears a tone, in Hz, that a sender outside the test's pages sends.</summary>
    public Task HearsToneAsync(int tone) =>
        page.WaitAsync(
            "([key, tone]) => voice.hearsExactly(key, [tone], [tone])",
            new object[] { Name, tone },
            HearingLimit,
            async () => $"{Name} should hear {tone} Hz: {await DescribeAsync([tone])}");

    /// <summary>
    /// Waits until this participant plays a layout of the mode <paramref name="mode"/>, and is not preparing another layout.
    /// </summary>
    public Task PlaysAsync(string mode) =>
        page.WaitAsync(
            "([key, mode]) => voice.plays(key, mode)",
            new object[] { Name, mode },
            SwitchLimit,
            async () => $"{Name} should play {mode}: {await DescribeAsync([])}");

    /// <summary>
    /// Waits until this participant's SDK has emitted the event <paramref name="eventName"/> at least <paramref name="count"/> times.
    /// </summary>
    public Task ReceivesAsync(string eventName, int count = 1) =>
        page.WaitAsync(
            "([key, name, count]) => voice.received(key, name, count)",
            new object[] { Name, eventName, count },
            SwitchLimit,
            async () => $"{Name} should receive '{eventName}' {count} times: {await DescribeAsync([])}");

    /// <summary>
    /// Returns the emitted events of this name in order, each with <c>name</c>, <c>at</c> (seconds on the AudioContext's clock) and
    /// <c>detail</c>.
    /// </summary>
    public async Task<IReadOnlyList<JsonElement>> EventsAsync(string eventName)
    {
        var events = await page.Page.EvaluateAsync<JsonElement>("key => voice.events(key)", Name);
        return [.. events.EnumerateArray().Where(each => each.GetProperty("name").GetString() == eventName)];
    }

    /// <summary>
    /// Returns the loudness, in dB, at which this participant hears <paramref name="other"/>, once it no longer changes.
    /// </summary>
    public Task<double> LoudnessAsync(Participant other) =>
        page.Page.EvaluateAsync<double>("([key, tone]) => voice.settledLoudness(key, tone)", new object[] { Name, other.Tone! });

    /// <summary>
    /// Waits until this participant hears <paramref name="other"/> at a loudness of <paramref name="decibels"/>, within 1 dB.
    /// </summary>
    public Task HearsAtAsync(Participant other, double decibels) =>
        page.WaitAsync(
            "([key, tone, decibels]) => Math.abs(voice.loudness(key, tone) - decibels) < 1",
            new object[] { Name, other.Tone!, decibels },
            HearingLimit,
            async () => $"{Name} should hear {other.Name} at {decibels:0.0} dB, not at {await LoudnessAsync(other):0.0} dB");

    /// <summary>Sets the amplitude of the tone that this participant sends; initially it is 0.1.</summary>
    public Task SpeakAtAsync(double amplitude) =>
        page.Page.EvaluateAsync("([key, amplitude]) => voice.setLoudness(key, amplitude)", new object[] { Name, amplitude });

    /// <summary>Acts on <paramref name="other"/> as a moderator: <c>mute</c>, <c>unmute</c> or <c>kick</c>.</summary>
    public Task ModerateAsync(string action, Participant other) => CallAsync($"moderate.{action}", other.Number);

    /// <summary>Moves the participant with the number <paramref name="other"/> to another channel, as a moderator.</summary>
    public Task MoveAsync(int other, string channel) => CallAsync("moderate.move", other, channel);

    /// <summary>Sets the volume at which this participant hears <paramref name="other"/>; 1 leaves it unchanged.</summary>
    public Task SetVolumeAsync(Participant other, double volume) => CallAsync("volumes.set", other.Number, volume);

    /// <summary>Silences <paramref name="other"/> for this participant only, or makes it audible again.</summary>
    public Task SilenceAsync(Participant other, bool silenced) => CallAsync("volumes.silence", other.Number, silenced);

    /// <summary>Presses the push-to-talk key, without releasing it.</summary>
    public Task PressAsync() => CallAsync("talk.press");

    public Task ReleaseAsync() => CallAsync("talk.release");

    /// <summary>Returns the current number of this participant, which a move to another channel changes.</summary>
    public Task<int> NumberNowAsync() => page.Page.EvaluateAsync<int>("key => voice.number(key)", Name);

    /// <summary>Returns the SDK's connection report, as data (<c>report</c>) and as text (<c>text</c>).</summary>
    public Task<JsonElement> ReportAsync() => page.Page.EvaluateAsync<JsonElement>("key => voice.report(key)", Name);

    public Task MuteAsync(bool muted) => CallAsync("mute", muted);

    public Task DeafenAsync(bool deafened) => CallAsync("deafen", deafened);

    /// <summary>Requests a simulated fault from the gateway: <c>dropSocket</c>, <c>switchMode</c> or <c>moveRoom</c>.</summary>
    public Task SimulateAsync(string fault) => CallAsync("simulate", fault);

    public Task LeaveAsync() => page.Page.EvaluateAsync("key => voice.leave(key)", Name);

    /// <summary>Returns the mode of each open media connection.</summary>
    public Task<string[]> ModesOfConnectionsAsync() => page.Page.EvaluateAsync<string[]>("key => voice.modesOfConnections(key)", Name);

    /// <summary>
    /// Waits until only connections of the mode <paramref name="mode"/> are open. After a switch, the old connections stay open for a
    /// while.
    /// </summary>
    public Task HasOnlyConnectionsOfAsync(string mode) =>
        page.WaitAsync(
            "([key, mode]) => voice.modesOfConnections(key).every((each) => each === mode)",
            new object[] { Name, mode },
            HearingLimit,
            async () => $"{Name} should have connections of {mode} only, not {string.Join(", ", await ModesOfConnectionsAsync())}");

    /// <summary>Returns the candidate types of each connection's selected pair, such as <c>host-host</c> or <c>relay-relay</c>.</summary>
    public Task<string[]> SelectedPairsAsync() => page.Page.EvaluateAsync<string[]>("key => voice.selectedPairs(key)", Name);

    /// <summary>Returns the number of audio packets that were received on the open connections.</summary>
    public Task<long> PacketsReceivedAsync() => page.Page.EvaluateAsync<long>("key => voice.packetsReceived(key)", Name);

    /// <summary>Returns the TURN user name with which each connection is configured.</summary>
    public Task<string[]> AccessOfConnectionsAsync() => page.Page.EvaluateAsync<string[]>("key => voice.accessOfConnections(key)", Name);

    /// <summary>
    /// Waits until this participant's roster has exactly these names. A participant that has lost its socket appears as <c>Bob (away)</c>.
    /// </summary>
    public Task SeesAsync(params string[] people) =>
        page.WaitAsync(
            "([key, people]) => JSON.stringify(voice.roster(key).sort()) === people",
            new object[] { Name, JsonSerializer.Serialize(people.Order(StringComparer.Ordinal)) },
            SwitchLimit,
            async () => $"{Name} should see [{string.Join(", ", people)}]: {await DescribeAsync([])}");

    /// <summary>Waits until this participant's SDK reports that <paramref name="name"/> speaks.</summary>
    public Task NoticesAsync(string name) =>
        page.WaitAsync(
            "([key, name]) => voice.speaking(key).includes(name)",
            new object[] { Name, name },
            HearingLimit,
            async () => $"{Name} should notice that {name} speaks: {await DescribeAsync([])}");

    /// <summary>
    /// Marks the open connections, so that <see cref="HasOnlyMarkedConnectionsAsync"/> can tell them apart from later ones.
    /// </summary>
    public Task MarkConnectionsAsync() => page.Page.EvaluateAsync("key => voice.markConnections(key)", Name);

    /// <summary>Returns true if all open connections are marked: none was opened after <see cref="MarkConnectionsAsync"/>.</summary>
    public Task<bool> HasOnlyMarkedConnectionsAsync() => page.Page.EvaluateAsync<bool>("key => voice.hasOnlyMarkedConnections(key)", Name);

    /// <summary>Starts to record the audio output of this participant.</summary>
    public Task RecordAsync() => page.Page.EvaluateAsync("key => voice.record(key)", Name);

    public async Task<Recording> StopRecordingAsync()
    {
        var taken = await page.Page.EvaluateAsync<JsonElement>("key => voice.recording(key)", Name);
        return Recording.FromBase64(
            taken.GetProperty("samples").GetString()!,
            (int)taken.GetProperty("sampleRate").GetDouble(),
            taken.GetProperty("startedAt").GetDouble());
    }

    /// <summary>Returns the state of this participant as JSON, for the message of a failure.</summary>
    public async Task<string> DescribeAsync(int[] tones)
    {
        var state = await page.Page.EvaluateAsync<JsonElement>("([key, all]) => voice.describe(key, all)", new object[] { Name, tones });
        return JsonNode.Parse(state.GetRawText())!.ToJsonString(new JsonSerializerOptions { WriteIndented = true });
    }

    private Task CallAsync(string path, params object[] arguments) =>
        page.Page.EvaluateAsync("([key, path, ...rest]) => voice.call(key, path, ...rest)", (object[])[Name, path, .. arguments]);
}
