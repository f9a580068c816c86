using System.Globalization;
using System.Xml.Linq;
using Hype.LoadTest.Reporting;

namespace Hype.LoadTest.Tests.Reporting;

internal sealed class PictureTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    [Test]
    public void Picture_has_a_curve_per_percentile_and_a_bar_per_second_with_loss()
    {
        var picture = XDocument.Parse(Picture.Draw(Reports.Of([Second(0, 2, 5), Second(1, 3, 9, lost: 1), Second(2, 2, 4, lost: 50)])));

        Assert.Multiple(() =>
        {
            Assert.That(picture.Root!.Name, Is.EqualTo(Svg + "svg"));
            Assert.That(picture.Descendants(Svg + "path").Count(), Is.EqualTo(3));
            Assert.That(picture.Descendants(Svg + "rect").Count(), Is.EqualTo(2));
            Assert.That(picture.Descendants(Svg + "text").Select(text => text.Value),
                Does.Contain("mouth to socket, ms").And.Contain("loss, %").And.Contain("seconds since the first join"));
        });
    }

    [Test]
    public void Picture_escapes_markup_in_its_texts()
    {
        var report = Reports.Of([Second(0, 1, 2)]);

        var picture = XDocument.Parse(Picture.Draw(report with { Run = report.Run with { Talk = "<all> & \"more\"" } }));

        Assert.That(picture.Descendants(Svg + "text").First().Value, Does.Contain("<all> & \"more\""));
    }

    [Test]
    public void Bars_of_the_packet_loss_stay_within_the_height_of_the_picture()
    {
        var picture = XDocument.Parse(
            Picture.Draw(Reports.Of([.. Enumerable.Range(0, 700).Select(i => Second(i, i, i * 3, lost: i % 100))])));
        var height = Number(picture.Root!, "height");

        Assert.That(picture.Descendants(Svg + "rect").Select(bar => Number(bar, "y") + Number(bar, "height")), Is.All.InRange(0, height));
        Assert.That(picture.Descendants(Svg + "rect").Select(bar => Number(bar, "y")), Is.All.InRange(0, height));
    }

    [Test]
    public void Picture_of_a_run_without_received_audio_is_drawn() =>
        Assert.That(() => XDocument.Parse(Picture.Draw(Reports.Of([]))), Throws.Nothing);

    [TestCase(0, 1)]
    [TestCase(0.9, 1)]
    [TestCase(1, 1)]
    [TestCase(21.5, 40)]
    [TestCase(730, 800)]
    [TestCase(0.0013, 0.002)]
    public void Axis_ends_at_the_first_round_number_not_below_the_highest_value(double highest, double top) =>
        Assert.That(Picture.NiceTop(highest), Is.EqualTo(top).Within(1e-9));

    private static SecondFigures Second(int second, double p50, double p99, int lost = 0) =>
        new(second, 100, 100 - lost, 0, p50, (p50 + p99) / 2, p99, p99);

    private static double Number(XElement element, string name) =>
        double.Parse(element.Attribute(name)!.Value, CultureInfo.InvariantCulture);
}
