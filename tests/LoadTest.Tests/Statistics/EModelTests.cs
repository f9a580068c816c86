using Hype.LoadTest.Statistics;

namespace Hype.LoadTest.Tests.Statistics;

internal sealed class EModelTests
{
    /// <summary>Compares the mapping from R to MOS with table B.1 of ITU-T G.107 Annex B.</summary>
    [TestCase(93.2, 4.41)]
    [TestCase(90, 4.34)]
    [TestCase(80, 4.03)]
    [TestCase(70, 3.60)]
    [TestCase(60, 3.10)]
    [TestCase(50, 2.58)]
    public void MOS_matches_the_published_values(double rating, double published) =>
        Assert.That(EModel.MosOf(rating), Is.EqualTo(published).Within(0.01));

    [TestCase(-5, 1)]
    [TestCase(0, 1)]
    [TestCase(100, 4.5)]
    [TestCase(120, 4.5)]
    public void MOS_is_between_1_and_4_and_a_half(double rating, double mos) => Assert.That(EModel.MosOf(rating), Is.EqualTo(mos));

    [TestCase(0)]
    [TestCase(300)]
    public void MOS_is_1_at_100_percent_packet_loss_and_any_delay(double delay) => Assert.That(EModel.Mos(delay, 100), Is.EqualTo(1));

    [Test]
    public void Rating_falls_more_steeply_with_the_delay_above_177_ms()
    {
        Assert.Multiple(() =>
        {
            Assert.That(EModel.Rating(150, 0), Is.EqualTo(93.2 - 3.6).Within(1e-9));
            Assert.That(EModel.Rating(277.3, 0), Is.EqualTo(93.2 - (0.024 * 277.3) - 11).Within(1e-9));
        });
    }

    /// <summary>
    /// Tests Ie,eff = 95 · Ppl / (Ppl + 20), the impairment by a loss of Ppl percent: at Ppl = Bpl = 20 it is half of its maximum.
    /// </summary>
    [TestCase(0, 0)]
    [TestCase(5, 19)]
    [TestCase(20, 47.5)]
    public void Packet_loss_lowers_the_rating_by_the_equation_of_ITU_T_G107(double percent, double impairment) =>
        Assert.That(EModel.Rating(0, percent), Is.EqualTo(93.2 - impairment).Within(1e-9));
}
