using Hype.LoadTest.Media;
using Hype.MediaClient;
using Hype.MediaNode.Net;

namespace Hype.LoadTest.Tests.Media;

internal sealed class WeatherTests
{
    private const int Sent = 10_000;

    [Test]
    public void Simulated_loss_has_the_configured_rate() =>
        Assert.That(Send(new Weather(0.1, TimeSpan.Zero, seed: 1)).Count, Is.EqualTo(0.9 * Sent).Within(0.01 * Sent));

    [Test]
    public void Datagrams_are_unchanged_without_simulated_loss_and_jitter() =>
        Assert.That(Send(new Weather(0, TimeSpan.Zero, seed: 1)), Is.EqualTo(Enumerable.Range(0, Sent)));

    [Test]
    public void Simulated_losses_repeat_with_the_same_seed_and_differ_between_paths()
    {
        var weather = new Weather(0.5, TimeSpan.Zero, seed: 3);
        var (first, second) = (Send(weather), Send(weather));

        Assert.Multiple(() =>
        {
            Assert.That(Send(new Weather(0.5, TimeSpan.Zero, seed: 3)), Is.EqualTo(first));
            Assert.That(second, Is.Not.EqualTo(first));
        });
    }

    [Test]
    public void Simulated_jitter_delays_and_reorders_datagrams_and_loses_none()
    {
        var path = new Weather(0, TimeSpan.FromSeconds(100), seed: 2).NewPath();
        var arrivals = new Received();
        SendInto(path.Over(arrivals));
        var now = PeerDriver.Now;

        path.Turn(null!, now + 50_000_000);
        var early = arrivals.Numbers.Count;
        path.Turn(null!, now + 101_000_000);

        Assert.Multiple(() =>
        {
            Assert.That(early, Is.EqualTo(Sent / 2).Within(Sent / 10));
            Assert.That(arrivals.Numbers, Is.EquivalentTo(Enumerable.Range(0, Sent)));
            Assert.That(arrivals.Numbers, Is.Not.Ordered, "a later datagram may arrive earlier");
        });
    }

    private static List<int> Send(Weather weather)
    {
        var path = weather.NewPath();
        var arrivals = new Received();
        SendInto(path.Over(arrivals));
        path.Turn(null!, PeerDriver.Now + 1);
        return arrivals.Numbers;
    }

    private static void SendInto(IDatagramSink sink)
    {
        for (var i = 0; i < Sent; i++)
        {
            BitConverter.TryWriteBytes(sink.Reserve(), i);
            sink.Send(sizeof(int), default);
        }
    }

    /// <summary>The receiving end of a path, which records the numbers of arriving datagrams.</summary>
    private sealed class Received : IDatagramSink
    {
        private readonly byte[] _buffer = new byte[IDatagramSocket.MaxDatagram];

        public List<int> Numbers { get; } = [];

        public Span<byte> Reserve() => _buffer;

        public void Send(int length, TransportAddress to) => Numbers.Add(BitConverter.ToInt32(_buffer));
    }
}
